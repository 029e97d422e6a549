package org.oicbridge.doctor;

import java.time.Duration;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.doctor.Finding.Level;

/** Measures the largest stanza that the server takes, by messages to itself. */
final class SizeProbe {
  /** A message with a block of 32 KiB in base64. */
  static final int BLOCK_32K = 44_200;

  /** The same with the greatest block there is, 65535 bytes. */
  static final int BLOCK_64K = 87_900;

  private static final int[] RISING = {BLOCK_32K, BLOCK_64K, 200_000, 400_000, 1 << 20};
  private static final int PRECISION = 4096;
  private static final int MAX_NARROWING = 8;
  private static final Duration LONGEST = Duration.ofSeconds(16);
  private static final Duration WHOLE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final Logins logins;
  private final long rate;
  private ClientSession session;
  private int taken;
  private int refused;
  private boolean slow;
  private String how = "";

  /**
   * A measurement that has not begun.
   *
   * @param rate bytes per second that the server takes, which bounds what can be tried
   */
  SizeProbe(Logins logins, long rate) {
    this.logins = logins;
    this.rate = rate;
  }

  /** Measures and tells. */
  void run(Findings out, ServerKind kind) throws EndOfCheck, AccountBusyException {
    Deadline deadline = Deadline.in(WHOLE);
    try {
      int at = 0;
      while (at < RISING.length && refused == 0 && !slow && affordable(RISING[at])) {
        attempt(RISING[at++]);
        slow |= deadline.expired();
      }
      for (int i = 0; i < MAX_NARROWING && narrowable(); i++) {
        attempt((taken + refused) / 2);
        slow |= deadline.expired();
      }
    } finally {
      if (session != null) {
        session.close();
      }
    }
    tell(out, kind);
  }

  private boolean narrowable() {
    return refused > 0 && !slow && refused - taken > PRECISION;
  }

  private boolean affordable(int bytes) {
    return bytes / rate <= LONGEST.toSeconds();
  }

  private void attempt(int bytes) throws EndOfCheck, AccountBusyException {
    if (session == null) {
      session = logins.open();
    }
    try {
      String condition = session.awaitFromSelf(session.sendToSelf(bytes), Deadline.in(PATIENCE));
      if (condition == null) {
        taken = bytes;
      } else {
        refuse(bytes, condition);
      }
    } catch (StreamEndedException e) {
      // Silence is no refusal: it may be on its way still.
      if (e.silent()) {
        slow = true;
      } else {
        refuse(bytes, e.condition());
      }
      session.close();
      session = null;
    }
  }

  private void refuse(int bytes, String condition) {
    refused = bytes;
    how = condition;
  }

  private void tell(Findings out, ServerKind kind) {
    String setting = "set " + kind.stanzaSize() + " to 262144";
    if (refused == 0) {
      boolean all = taken == RISING[RISING.length - 1];
      out.add(
          all || taken >= BLOCK_64K ? Level.OK : Level.NOTE,
          "largest stanza",
          (long) taken,
          "bytes",
          all ? "or more" : "or more; larger ones take too long to try at this rate");
      return;
    }
    String limit = refused + " bytes are refused (" + how + ")";
    if (taken < BLOCK_32K) {
      add(
          out,
          Level.CHANGE,
          limit + "; a block of ibb.blockSize 32768 needs " + BLOCK_32K + ": " + setting);
    } else if (taken < BLOCK_64K) {
      add(out, Level.NOTE, limit + "; ibb.blockSize 65535 needs " + BLOCK_64K + ": " + setting);
    } else {
      add(out, Level.OK, limit + "; enough for ibb.blockSize 65535");
    }
  }

  private void add(Findings out, Level level, String meaning) {
    out.add(level, "largest stanza", (long) taken, "bytes", meaning);
  }
}
