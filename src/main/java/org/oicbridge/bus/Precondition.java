package org.oicbridge.bus;

/**
 * What must hold for a change to happen (RFC 9110 section 13).
 *
 * @param kind what kind of condition
 * @param version the version that must be there now, with {@link Kind#VERSION}
 */
public record Precondition(Kind kind, long version) {
  /** Nothing. */
  public static final Precondition NONE = new Precondition(Kind.NONE, 0);

  /** It must not exist yet: {@code If-None-Match: *}. */
  public static final Precondition ABSENT = new Precondition(Kind.ABSENT, 0);

  /** It must exist: {@code If-Match: *}. */
  public static final Precondition PRESENT = new Precondition(Kind.PRESENT, 0);

  /** What kind of condition. */
  public enum Kind {
    NONE,
    ABSENT,
    PRESENT,
    VERSION
  }

  /** It must have this version: {@code If-Match: "7"}. */
  public static Precondition version(long version) {
    return new Precondition(Kind.VERSION, version);
  }

  /**
   * Whether it holds.
   *
   * @param current the version that is there, or -1 when nothing is
   */
  public boolean holds(long current) {
    return switch (kind) {
      case NONE -> true;
      case ABSENT -> current < 0;
      case PRESENT -> current >= 0;
      case VERSION -> current == version;
    };
  }
}
