package org.oicbridge.crudn;

/**
 * Why the gateway itself, not the device, ended a request. It becomes a problem document over HTTP
 * (RFC 9457) and an {@code {"error": …}} body elsewhere.
 *
 * @param type stable name in kebab case, such as {@code device-silent}; docs/errors.md lists all
 * @param detail one sentence for the caller, without anything internal
 * @param outcome whether the request may have been carried out; null where that is no question
 */
public record Problem(String type, String detail, Outcome outcome) {
  /** A problem whose status says what became of the request, as far as a status can. */
  public static Problem of(Status status, String type, String detail) {
    return new Problem(type, detail, Outcome.of(status));
  }
}
