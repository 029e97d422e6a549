package org.oicbridge.store;

/** The registry can't do what it was asked; the message tells a person why, and names no secret. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean inDoubt;

  StoreException(String message) {
    this(message, null);
  }

  StoreException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private StoreException(String message, Throwable cause, boolean inDoubt) {
    super(message, cause);
    this.inDoubt = inDoubt;
  }

  /** The answer to a commit was lost. */
  public static StoreException inDoubt(Throwable cause) {
    return new StoreException(
        "the connection to the database broke while a change was committed; whether it was kept"
            + " is not known",
        cause,
        true);
  }

  /** Whether the change may have been kept all the same. */
  public boolean isInDoubt() {
    return inDoubt;
  }
}
