package org.oicbridge.ibb;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.OicResource;
import org.oicbridge.envelope.Envelope;

/**
 * Turns {@code <rest>} messages into CRUDN values and back. Headers cross by allow-list in both
 * directions: what a peer wrote must not become a header that means something elsewhere.
 */
final class RestMapping {
  /** On a retrieve 0 asks for notifications and 1 for no more; on an answer it numbers them. */
  static final String OBSERVE = "Observe";

  private static final String JSON = "application/json";
  private static final List<String> OF_REQUESTS =
      List.of(
          "If-Match",
          "If-None-Match",
          "ETag",
          "OCF-Accept-Content-Format-Version",
          "OCF-Content-Format-Version");
  private static final List<String> OF_RECEIVED_REQUESTS = List.of("Accept", "Content-Type");
  private static final List<String> OF_RESPONSES =
      List.of("ETag", "Location", "Allow", "Retry-After", "Cache-Control", OBSERVE);

  private final Duration defaultDeadline;
  private final HttpDate date;

  RestMapping(Duration defaultDeadline, InstantSource clock) {
    this.defaultDeadline = defaultDeadline;
    this.date = new HttpDate(clock);
  }

  /** The request of a peer to one of our sessions; empty when that session is no device's. */
  Optional<CrudnRequest> received(StreamKey key, Envelope.Request request) {
    Headers headers = request.headers();
    return target(key, request.authority())
        .map(
            di ->
                new CrudnRequest(
                    key.session().bare(),
                    di,
                    request.operation(),
                    request.path(),
                    pass(OF_RECEIVED_REQUESTS, headers, pass(OF_REQUESTS, headers, Headers.NONE)),
                    request.body(),
                    key.peer().bare(),
                    CrudnRequest.Via.HOSTED,
                    Deadline.in(PreferWait.read(headers).orElse(defaultDeadline))));
  }

  /**
   * The device that is meant: the full JID has said it already, and the authority of the URL only
   * matters when it is a UUID, which may name another device of the account.
   */
  private static Optional<DeviceId> target(StreamKey key, String authority) {
    if (!authority.isEmpty()) {
      try {
        DeviceId named = new DeviceId(authority);
        if (named.conformant()) {
          return Optional.of(named);
        }
      } catch (IllegalArgumentException e) {
        // A host name, which is never looked up.
      }
    }
    return key.session().oic().map(OicResource::id);
  }

  /** What a peer is answered; the token is null when it sent none. */
  Envelope.Response answer(CrudnResponse response, String token) {
    Headers headers = pass(OF_RESPONSES, response.headers(), Headers.of("Date", date.now()));
    if (token != null) {
      headers = headers.with(Token.HEADER, token);
    }
    if (response.body() != null) {
      return new Envelope.Response(
          response.status(), headers.with("Content-Type", JSON), response.body());
    }
    return response.problem() == null
        ? new Envelope.Response(response.status(), headers, null)
        : Envelope.error(response.status(), headers, response.problem());
  }

  /** Our request to a device; the token is null when it gets none. */
  Envelope.Request request(CrudnRequest request, String token) {
    Headers headers = Headers.of("Accept", JSON).with("Date", date.now());
    if (request.body() != null) {
      headers = headers.with("Content-Type", JSON);
    }
    headers = headers.with("Prefer", PreferWait.write(request.deadline()));
    // No Observe: a notification on a request stream would be taken for the next answer.
    headers = pass(OF_REQUESTS, request.headers(), headers);
    return new Envelope.Request(
        request.operation(),
        request.target().canonical(),
        request.path(),
        token == null ? headers : headers.with(Token.HEADER, token),
        request.body());
  }

  /** The request that begins an observation; it goes alone on its stream and needs no token. */
  Envelope.Request observe(CrudnRequest request) {
    Envelope.Request plain = request(request, null);
    return new Envelope.Request(
        plain.operation(),
        plain.authority(),
        plain.path(),
        plain.headers().with(OBSERVE, "0"),
        plain.body());
  }

  /** What a device answered. */
  CrudnResponse answered(Envelope.Response response) {
    Headers headers = pass(OF_RESPONSES, response.headers(), Headers.NONE);
    return CrudnResponse.answered(
        response.status(),
        response.body() == null ? headers : headers.with("Content-Type", JSON),
        response.body());
  }

  private static Headers pass(List<String> allowed, Headers from, Headers to) {
    Headers all = to;
    for (String name : allowed) {
      Optional<String> value = from.get(name);
      if (value.isPresent()) {
        all = all.with(name, value.get());
      }
    }
    return all;
  }
}
