package org.oicbridge.crudn;

/** A text is not one JSON value; the message says where and why, in words about the text. */
public final class MalformedJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedJsonException(int line, int column, String why) {
    super("not JSON at line " + line + ", column " + column + ": " + why);
  }
}
