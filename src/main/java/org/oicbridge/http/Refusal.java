package org.oicbridge.http;

/**
 * Ends a request that the API itself refuses; {@link Problems} makes the problem document of it.
 */
final class Refusal extends RuntimeException {
  private final int status;
  private final String type;

  /**
   * Says what is refused.
   *
   * @param status the HTTP status, 4xx or 5xx
   * @param type the last part of the problem's {@code type}
   * @param detail one sentence for the caller
   */
  Refusal(int status, String type, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.type = type;
  }

  /** A parameter of the query that has a value it can't have. */
  static Refusal parameter(String name, String value, String expected) {
    return new Refusal(
        400,
        "invalid-parameter",
        "parameter " + name + " is \"" + value + "\", expected " + expected);
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }
}
