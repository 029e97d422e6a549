package org.oicbridge.gatling;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatling.commons.validation.Failure;
import io.gatling.commons.validation.Success;
import io.gatling.commons.validation.Validation;
import io.gatling.core.Predef;
import io.gatling.core.check.Check;
import io.gatling.core.check.CheckBuilder;
import io.gatling.core.check.CheckBuilder$Find$Default;
import io.gatling.core.check.CheckMaterializer;
import io.gatling.core.check.Extractor;
import io.gatling.javaapi.core.internal.Converters;
import io.gatling.javaapi.core.internal.CoreCheckType;
import io.gatling.javaapi.core.internal.Expressions;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.oicbridge.crudn.CrudnResponse;
import scala.Function1;
import scala.Option;

/** Makes checks of CRUDN answers out of what the DSL says. */
final class OicChecks {
  private OicChecks() {}

  /** Gives a check what it looks at. */
  private static final class Materializer<T, P>
      extends CheckMaterializer<T, Check<CrudnResponse>, CrudnResponse, P> {
    private final Function1<CrudnResponse, Validation<P>> preparer;

    Materializer(Function1<CrudnResponse, Validation<P>> preparer) {
      super(check -> check);
      this.preparer = preparer;
    }

    @Override
    public Function1<CrudnResponse, Validation<P>> preparer() {
      return preparer;
    }
  }

  /** Takes something out of an answer, if it is there. */
  private record Find<X>(String name, Function<CrudnResponse, Optional<X>> what)
      implements Extractor<CrudnResponse, X> {
    @Override
    public String arity() {
      return "find";
    }

    @Override
    public Validation<Option<X>> apply(CrudnResponse answer) {
      return new Success<>(Option.apply(what.apply(answer).orElse(null)));
    }
  }

  /** A check of one thing that an answer has, or has not. */
  static <X> io.gatling.javaapi.core.CheckBuilder.Find<X> find(
      String name, Class<X> type, Function<CrudnResponse, Optional<X>> what) {
    Extractor<CrudnResponse, X> extractor = new Find<>(name, what);
    CheckBuilder.Find<Object, CrudnResponse, X> wrapped =
        new CheckBuilder$Find$Default<>(Expressions.toStaticValueExpression(extractor), true);
    return new io.gatling.javaapi.core.CheckBuilder.Find.Default<>(
        wrapped, OicCheckType.ANSWER, type, null);
  }

  static scala.collection.immutable.List<Check<CrudnResponse>> of(
      List<io.gatling.javaapi.core.CheckBuilder> checks) {
    return Converters.toScalaSeq(checks.stream().map(OicChecks::of).toList()).toList();
  }

  private static Check<CrudnResponse> of(io.gatling.javaapi.core.CheckBuilder check) {
    if (check.type() == OicCheckType.ANSWER) {
      return build(check, Success::new);
    }
    if (check.type() instanceof CoreCheckType core) {
      switch (core) {
        case BodyString, Substring, Regex -> {
          return build(check, answer -> new Success<>(body(answer)));
        }
        case BodyBytes -> {
          return build(check, answer -> new Success<>(bytes(answer)));
        }
        case BodyLength -> {
          return build(check, answer -> new Success<>((Object) bytes(answer).length));
        }
        case JsonPath, JmesPath -> {
          return build(check, OicChecks::json);
        }
        default -> {
          // Told below.
        }
      }
    }
    throw new IllegalArgumentException("an answer of a device can't be checked by " + check.type());
  }

  // What type a check takes is known by its CheckType alone, in Gatling as here.
  @SuppressWarnings("unchecked")
  private static <P> Check<CrudnResponse> build(
      io.gatling.javaapi.core.CheckBuilder check,
      Function1<CrudnResponse, Validation<P>> preparer) {
    CheckBuilder<Object, P> typed = (CheckBuilder<Object, P>) check.asScala();
    return typed.build(new Materializer<Object, P>(preparer));
  }

  private static String body(CrudnResponse answer) {
    return answer.body() == null ? "" : answer.body();
  }

  private static byte[] bytes(CrudnResponse answer) {
    return body(answer).getBytes(StandardCharsets.UTF_8);
  }

  // A Failure is a Validation of everything, which Java's generics can't say.
  @SuppressWarnings("unchecked")
  private static Validation<JsonNode> json(CrudnResponse answer) {
    return answer.body() == null
        ? (Validation<JsonNode>) (Validation<?>) new Failure("the answer has no body")
        : Predef.defaultJsonParsers().safeParse(answer.body());
  }
}
