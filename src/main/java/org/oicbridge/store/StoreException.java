package org.oicbridge.store;

/** The registry can't do what it was asked; the message tells a person why, and names no secret. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  StoreException(String message) {
    super(message);
  }

  StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
