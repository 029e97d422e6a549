package org.oicbridge.coap;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Headers;

/** What discovery asks a device directly: its resources, and what it is. */
final class DeviceQuestions {
  private final Exchanges exchanges;
  private final Duration patience;

  /**
   * Prepares to ask.
   *
   * @param patience how long an answer may take
   */
  DeviceQuestions(Exchanges exchanges, Duration patience) {
    this.exchanges = exchanges;
    this.patience = patience;
  }

  /** The representation of {@code /oic/res} of a device whose era nobody knows yet. */
  Future<Response> resources(InetSocketAddress peer, List<String> base) {
    Deadline deadline = Deadline.in(patience);
    AtomicReference<Response> last = new AtomicReference<>();
    return new EraDetector(
            request -> exchanges.send(request, peer, deadline).onSuccess(last::set), base)
        .detect()
        .map(era -> last.get());
  }

  /** The same of a device that answers in an era. */
  Future<Response> resources(InetSocketAddress peer, List<String> base, Era era) {
    return exchanges.send(era.get(base, "oic", "res"), peer, Deadline.in(patience));
  }

  /** The baseline of {@code /oic/d}: only there is the device type. Empty when it can't be had. */
  Future<Optional<JsonNode>> device(SearchReply reply) {
    Request request = reply.era().get(reply.base(), "oic", "d");
    request.getOptions().addUriQuery("if=oic.if.baseline");
    return exchanges
        .send(request, reply.peer(), Deadline.in(patience))
        .map(answer -> body(answer, reply.era()))
        .otherwise(Optional.empty());
  }

  /** The representation in a successful answer; empty when there is none that can be read. */
  static Optional<JsonNode> body(Response answer, Era era) {
    if (answer.getCode() != ResponseCode.CONTENT) {
      return Optional.empty();
    }
    try {
      String json = Representation.toJson(answer, era.format(), Headers.NONE);
      return json == null ? Optional.empty() : Optional.of(JsonBody.parse(json));
    } catch (RequestFailed e) {
      return Optional.empty();
    }
  }
}
