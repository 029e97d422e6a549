package org.oicbridge.crudn;

/**
 * The request half of CRUDN. Each operation has exactly one method name on the wire, the one that
 * section 7.3.1 of OIC Remote Access lists; Notify is not an operation but an answer that carries
 * an {@code Observe} header.
 */
public enum Operation {
  /** Create, or replace as a whole, the resource that the path names. */
  CREATE("PUT"),
  /** Read a representation; with an {@code Observe} header of 0, subscribe to it. */
  RETRIEVE("GET"),
  /** Change a resource in part, or create a member of a collection. */
  UPDATE("POST"),
  /** Remove the resource. */
  DELETE("DELETE");

  private final String method;

  Operation(String method) {
    this.method = method;
  }

  /** The method name in capitals, as it stands in {@code <url method="…">} and in HTTP. */
  public String method() {
    return method;
  }

  /** True when doing it twice leaves the device as doing it once does (RFC 9110 section 9.2.2). */
  public boolean idempotent() {
    return this != UPDATE;
  }
}
