package org.oicbridge.crudn;

import java.util.Optional;

/** What is known of a request that came to nothing: whether its target may have carried it out. */
public enum Outcome {
  /** Nothing that could have reached its target has left. */
  NOT_SENT("not-sent", "it was not sent"),

  /** It may have been carried out, once at the most. */
  UNKNOWN("unknown", "whether it was done is unknown");

  private final String tag;
  private final String words;

  Outcome(String tag, String words) {
    this.tag = tag;
    this.words = words;
  }

  /** What programs read: the value of the member {@code outcome}. */
  public String tag() {
    return tag;
  }

  /** What people read, where there is nothing but a diagnostic text. */
  public String words() {
    return words;
  }

  /** The outcome of a tag; empty when there is none, or another value. */
  public static Optional<Outcome> of(Object tag) {
    for (Outcome outcome : values()) {
      if (outcome.tag.equals(tag)) {
        return Optional.of(outcome);
      }
    }
    return Optional.empty();
  }

  /**
   * What a status says when nobody says more: 429 and 503 are said before anything is sent, after
   * 500, 502 and 504 all is possible. Null for what is no failure on the way.
   */
  static Outcome of(Status status) {
    return switch (status) {
      case TOO_MANY_REQUESTS, UNAVAILABLE -> NOT_SENT;
      case INTERNAL_ERROR, BAD_GATEWAY, TIMEOUT -> UNKNOWN;
      case OK,
          CREATED,
          NO_CONTENT,
          NOT_MODIFIED,
          BAD_REQUEST,
          UNAUTHORIZED,
          FORBIDDEN,
          NOT_FOUND,
          METHOD_NOT_ALLOWED,
          NOT_ACCEPTABLE,
          CONFLICT,
          PRECONDITION_FAILED,
          CONTENT_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          UNPROCESSABLE,
          NOT_IMPLEMENTED,
          LOOP_DETECTED ->
          null;
    };
  }
}
