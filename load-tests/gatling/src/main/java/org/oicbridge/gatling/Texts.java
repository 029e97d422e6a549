package org.oicbridge.gatling;

import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.internal.Expressions;
import java.util.function.Function;

/** Gatling's expression language. */
final class Texts {
  private Texts() {}

  /**
   * What a text is for a user; the function throws a {@link RuntimeException} when the user lacks
   * what it names.
   */
  static Function<Session, String> of(String expression) {
    return Expressions.expressionToJavaFunction(Expressions.toStringExpression(expression));
  }
}
