package org.oicbridge.envelope;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/** What one {@code <rest>} document says. */
public sealed interface Envelope {
  /** The headers of the document, whatever else it says. */
  Headers headers();

  /**
   * A CRUDN request.
   *
   * @param operation what the method asks for; a subscription is a retrieve with an Observe header
   * @param authority host of the URL in lower case without its port, empty for a bare path; the
   *     full JID has addressed the device already, so this is never resolved or connected to
   * @param path the resource and its query
   * @param headers all of them, names as written
   * @param body one JSON value, or null
   */
  record Request(
      Operation operation, String authority, ResourcePath path, Headers headers, String body)
      implements Envelope {}

  /**
   * The answer to a request, or with an Observe header a notification. An answer whose content
   * can't be read is a {@link Status#BAD_GATEWAY} that names the reason in its body.
   *
   * @param body one JSON value, or null
   */
  record Response(Status status, Headers headers, String body) implements Envelope {}

  /**
   * Well-formed XML, but no request that can be carried out.
   *
   * @param status what to answer: 400, 413, 415 or 501
   * @param headers those that could be read, so that the answer can be correlated
   * @param detail one sentence for the peer
   */
  record Unreadable(Status status, Headers headers, String detail) implements Envelope {
    /** A document without headers that could be read. */
    public Unreadable(Status status, String detail) {
      this(status, Headers.NONE, detail);
    }

    /** The answer that tells the peer what is wrong. */
    public Response answer() {
      return error(status, Headers.NONE, detail);
    }
  }

  /** A response with the body {@code {"error": detail}}, the form of a diagnostic payload. */
  static Response error(Status status, Headers headers, String detail) {
    return error(status, headers, new Problem("", detail, null));
  }

  /** The same, with a member {@code outcome} where it matters whether the request was sent. */
  static Response error(Status status, Headers headers, Problem problem) {
    String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(problem.detail()));
    String outcome =
        problem.outcome() == null ? "" : ",\"outcome\":\"" + problem.outcome().tag() + "\"";
    Headers kept = headers.without("Content-Type").without("Content-Encoding");
    return new Response(
        status,
        kept.with("Content-Type", "application/json"),
        "{\"error\":\"" + quoted + "\"" + outcome + "}");
  }
}
