package org.oicbridge.envelope;

import java.util.Locale;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/**
 * What is known of a document while its elements come in. A part that can't be read doesn't end the
 * reading: the first such part decides what the document becomes at its end.
 */
final class Draft {
  /** Where in the document its text belongs. */
  private enum Place {
    ROOT,
    URL,
    HEADERS,
    HEADER,
    BODY,
    JSON,
    IGNORED
  }

  private static final int MAX_URL = 4096;

  private final int maxBody;
  private final Place[] places = new Place[XmlDocument.MAX_DEPTH];
  private final HeaderFields headers = new HeaderFields();
  private final StringBuilder text = new StringBuilder();
  private int depth;
  private String headerName;
  private String method;
  private String url;
  private String body;
  private UnreadableException problem;

  Draft(int maxBody) {
    this.maxBody = maxBody;
  }

  /**
   * An element begins.
   *
   * @param name its local name; namespaces are not looked at, since the listing in the
   *     specification and real peers disagree on them
   * @param key the attribute {@code method} or {@code name}, or null
   */
  void start(String name, String key) {
    Place place = depth == 0 ? root(name) : child(places[depth - 1], name);
    places[depth++] = place;
    switch (place) {
      case URL -> {
        if (method != null || url != null) {
          complain("there is more than one url");
        }
        method = key;
        text.setLength(0);
      }
      case HEADER -> {
        headerName = key;
        text.setLength(0);
      }
      case JSON -> {
        if (body != null) {
          complain("there is more than one body");
        }
        text.setLength(0);
      }
      case ROOT, HEADERS, BODY, IGNORED -> {}
    }
  }

  private Place root(String name) {
    if (!name.equals("rest")) {
      complain("the document is " + UnreadableException.quote(name) + ", expected rest");
      return Place.IGNORED;
    }
    return Place.ROOT;
  }

  private Place child(Place parent, String name) {
    return switch (parent) {
      case ROOT ->
          switch (name) {
            case "url" -> Place.URL;
            case "headers" -> Place.HEADERS;
            case "body" -> Place.BODY;
            default -> Place.IGNORED;
          };
      case HEADERS -> name.equals("header") ? Place.HEADER : Place.IGNORED;
      case BODY -> name.equals("json") ? Place.JSON : Place.IGNORED;
      case URL, HEADER, JSON -> {
        complain("an element stands where only text may");
        yield Place.IGNORED;
      }
      case IGNORED -> Place.IGNORED;
    };
  }

  /** Character data, perhaps only a part of what there is. */
  void text(String part) {
    switch (places[depth - 1]) {
      case URL -> append(part, MAX_URL);
      case HEADER -> append(part, HeaderFields.MAX_VALUE);
      case JSON -> append(part, maxBody);
      case BODY -> {
        if (!part.isBlank()) {
          complain("the body is not inside a json element");
        }
      }
      case ROOT, HEADERS, IGNORED -> {}
    }
  }

  /** Keeps one character too many, which is enough to see that it was too long. */
  private void append(String part, int limit) {
    int room = limit + 1 - text.length();
    text.append(part, 0, Math.min(room, part.length()));
  }

  /** An element ends. */
  void end() {
    switch (places[--depth]) {
      case URL -> url = text.toString();
      case HEADER -> addHeader();
      case JSON -> readBody();
      case ROOT, HEADERS, BODY, IGNORED -> {}
    }
  }

  private void addHeader() {
    try {
      headers.add(headerName, text.toString());
    } catch (UnreadableException e) {
      complain(e);
    }
  }

  private void readBody() {
    try {
      if (text.length() > maxBody) {
        throw new UnreadableException(
            Status.CONTENT_TOO_LARGE, "the body is longer than " + maxBody + " characters");
      }
      body = JsonBody.parse(text.toString());
    } catch (UnreadableException e) {
      complain(e);
    }
  }

  /** What the document says, once its root element has ended. */
  Envelope envelope() {
    String verb = method == null ? "" : method.strip().toUpperCase(Locale.ROOT);
    boolean response = verb.equals("RESPONSE") || verb.equals("NOTIFY");
    try {
      if (problem == null) {
        return response ? response(verb) : request(verb);
      }
    } catch (UnreadableException e) {
      complain(e);
    }
    return response
        ? Envelope.error(Status.BAD_GATEWAY, headers.sofar(), problem.getMessage())
        : new Envelope.Unreadable(problem.status(), headers.sofar(), problem.getMessage());
  }

  private Envelope response(String verb) throws UnreadableException {
    Status status = StatusLine.parse(url, body != null);
    Headers fields = headers.complete();
    return new Envelope.Response(status, verb.equals("NOTIFY") ? observing(fields) : fields, body);
  }

  private Envelope request(String verb) throws UnreadableException {
    Headers fields = headers.complete();
    Operation operation =
        switch (verb) {
          case "GET", "RETRIEVE", "OBSERVE" -> Operation.RETRIEVE;
          case "POST", "UPDATE" -> Operation.UPDATE;
          case "PUT", "CREATE" -> Operation.CREATE;
          case "DELETE" -> Operation.DELETE;
          case "" -> throw new UnreadableException(Status.BAD_REQUEST, "there is no method");
          default ->
              throw new UnreadableException(
                  Status.NOT_IMPLEMENTED,
                  "method " + UnreadableException.quote(method) + " is not implemented");
        };
    RequestUrl target = RequestUrl.parse(url);
    return new Envelope.Request(
        operation,
        target.authority(),
        target.path(),
        verb.equals("OBSERVE") ? observing(fields) : fields,
        body);
  }

  private static Headers observing(Headers fields) {
    return fields.get("Observe").isPresent() ? fields : fields.with("Observe", "0");
  }

  private void complain(String detail) {
    complain(new UnreadableException(Status.BAD_REQUEST, detail));
  }

  private void complain(UnreadableException e) {
    problem = problem == null ? e : problem;
  }
}
