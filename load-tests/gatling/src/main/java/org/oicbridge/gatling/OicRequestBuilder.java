package org.oicbridge.gatling;

import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.gatling.OicAction.Done;

/**
 * A CRUDN request; each method gives another builder. Texts are in Gatling's expression language.
 */
public final class OicRequestBuilder implements ActionBuilder {
  /** A CoAP address says who is asked, and the CoAP edge sends no identifier. */
  private static final DeviceId NOT_TOLD = new DeviceId("00000000-0000-0000-0000-000000000000");

  private static final String COAP = "coap://";

  private final Parts parts;

  private record Header(String name, String value) {}

  /** What is known of the request so far; a null is what is not. */
  private record Parts(
      String name,
      Operation operation,
      String path,
      String to,
      String body,
      Duration timeout,
      List<Header> headers,
      List<CheckBuilder> checks) {}

  private OicRequestBuilder(Parts parts) {
    this.parts = parts;
  }

  static OicRequestBuilder of(String name, Operation operation, String path) {
    return new OicRequestBuilder(
        new Parts(name, operation, path, null, null, null, List.of(), List.of()));
  }

  /**
   * Who is asked: the full JID of a device, over a bytestream from the user's own session, for
   * which the user must be logged in; or {@code coap://host:port[/base]}.
   */
  public OicRequestBuilder to(String address) {
    return new OicRequestBuilder(
        new Parts(
            parts.name,
            parts.operation,
            parts.path,
            address,
            parts.body,
            parts.timeout,
            parts.headers,
            parts.checks));
  }

  /** The body, JSON; none by default. */
  public OicRequestBuilder body(String json) {
    return new OicRequestBuilder(
        new Parts(
            parts.name,
            parts.operation,
            parts.path,
            parts.to,
            json,
            parts.timeout,
            parts.headers,
            parts.checks));
  }

  /** How long the answer may take, 1 s to 300 s; that of the protocol by default. */
  public OicRequestBuilder timeout(Duration timeout) {
    return new OicRequestBuilder(
        new Parts(
            parts.name,
            parts.operation,
            parts.path,
            parts.to,
            parts.body,
            timeout,
            parts.headers,
            parts.checks));
  }

  /** One more header. */
  public OicRequestBuilder header(String name, String value) {
    List<Header> more = new ArrayList<>(parts.headers);
    more.add(new Header(name, value));
    return new OicRequestBuilder(
        new Parts(
            parts.name,
            parts.operation,
            parts.path,
            parts.to,
            parts.body,
            parts.timeout,
            List.copyOf(more),
            parts.checks));
  }

  /** What has to hold for the answer, beside what is checked already. */
  public OicRequestBuilder check(CheckBuilder... checks) {
    List<CheckBuilder> more = new ArrayList<>(parts.checks);
    more.addAll(List.of(checks));
    return new OicRequestBuilder(
        new Parts(
            parts.name,
            parts.operation,
            parts.path,
            parts.to,
            parts.body,
            parts.timeout,
            parts.headers,
            List.copyOf(more)));
  }

  @Override
  public io.gatling.core.action.builder.ActionBuilder asScala() {
    if (parts.to == null) {
      throw new IllegalStateException("\"" + parts.name + "\" does not say whom it asks: to(…)");
    }
    return Steps.action(parts.name, this::work, parts.checks).asScala();
  }

  private OicAction.Work work(OicClients clients) {
    Function<Session, String> path = Texts.of(parts.path);
    Function<Session, String> to = Texts.of(parts.to);
    Function<Session, String> body = parts.body == null ? user -> null : Texts.of(parts.body);
    Function<Session, Headers> headers = headers();
    Duration timeout = parts.timeout == null ? clients.protocol().timeout() : parts.timeout;
    return user -> {
      String address = to.apply(user);
      boolean coap = address.startsWith(COAP);
      Jid device = coap ? null : Jid.parse(address);
      CrudnRequest request =
          new CrudnRequest(
              null,
              coap ? NOT_TOLD : identifier(device),
              parts.operation,
              ResourcePath.parse(path.apply(user)),
              headers.apply(user),
              body.apply(user),
              null,
              Via.SHORTEST,
              Deadline.in(timeout));
      Future<CrudnResponse> answer =
          coap
              ? clients.ask(URI.create(address), request)
              : OicComponents.user(user)
                  .map(jid -> clients.ask(jid, device, request))
                  .orElseGet(() -> Future.failedFuture("the user is not logged in"));
      return answer.map(Done::of);
    };
  }

  /** The one that the URL in a {@code <rest>} document names. */
  private static DeviceId identifier(Jid device) {
    return device
        .oic()
        .map(OicResource::id)
        .orElseThrow(
            () -> new IllegalArgumentException(device + " is not the full JID of an OIC device"));
  }

  private Function<Session, Headers> headers() {
    Function<Session, Headers> all = user -> Headers.NONE;
    for (Header header : parts.headers) {
      Function<Session, Headers> before = all;
      Function<Session, String> value = Texts.of(header.value);
      all = user -> before.apply(user).with(header.name, value.apply(user));
    }
    return all;
  }
}
