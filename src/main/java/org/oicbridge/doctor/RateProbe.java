package org.oicbridge.doctor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.doctor.Finding.Level;

/**
 * Measures how fast a session may send, by messages to itself. Servers let a burst pass before they
 * slow down, so the clock starts behind that.
 */
final class RateProbe {
  /** What takes a 200 KB answer in base64 through within the default deadline of 10 s. */
  private static final long NEEDED = 28_000;

  /** From here on the network and the two ends are what is measured. */
  private static final long NO_LIMIT = 200_000;

  private static final Round SLOW = new Round(2_000, 2, 24_000, 40_000, Duration.ofSeconds(15));
  private static final Round FAST = new Round(8_000, 8, 64_000, 512_000, Duration.ofSeconds(8));

  private RateProbe() {}

  /**
   * One measurement.
   *
   * @param stanza bytes of a message
   * @param window how many may be under way, which bounds what a long way can carry
   * @param burst bytes that are not counted
   * @param total bytes to send
   */
  private record Round(int stanza, int window, int burst, int total, Duration time) {}

  /** The rate in bytes per second, 0 when nothing came back. */
  static long measure(ClientSession session) throws StreamEndedException, AccountBusyException {
    long began = System.nanoTime();
    session.ping();
    double roundTrip = (System.nanoTime() - began) / 1e9;
    long slow = measure(session, SLOW);
    // Few under way can't fill a long way; many would hide a low limit in one lump.
    boolean farAway = SLOW.stanza() * SLOW.window() / roundTrip < 2.0 * slow;
    boolean limited = slow < NEEDED * 2 / 3 && !farAway;
    return limited ? slow : measure(session, FAST);
  }

  static void tell(Findings out, long rate, ServerKind kind) {
    if (rate == 0) {
      out.note("rate", "not measured", "messages of a session to itself do not come back");
      return;
    }
    String seconds = "an answer of 200 KB takes " + Math.max(1, 273_000 / rate) + " s";
    if (rate < NEEDED) {
      out.add(
          Level.CHANGE,
          "rate",
          rate,
          "bytes/s",
          seconds + ", and callers wait for 10 s by default: " + kind.rate());
    } else if (rate < NO_LIMIT) {
      out.add(Level.NOTE, "rate", rate, "bytes/s", seconds + "; for more, " + kind.rate());
    } else {
      out.add(Level.OK, "rate", rate, "bytes/s", "no limit noticed");
    }
  }

  private static long measure(ClientSession session, Round round)
      throws StreamEndedException, AccountBusyException {
    Deadline deadline = Deadline.in(round.time());
    Deque<String> underWay = new ArrayDeque<>();
    long began = System.nanoTime();
    int sent = 0;
    int back = 0;
    int before = 0;
    try {
      while (back < round.total()) {
        while (sent < round.total() && underWay.size() < round.window()) {
          underWay.add(session.sendToSelf(round.stanza()));
          sent += round.stanza();
        }
        session.awaitFromSelf(underWay.poll(), deadline);
        back += round.stanza();
        if (before == 0 && back >= round.burst()) {
          before = back;
          began = System.nanoTime();
        }
      }
    } catch (StreamEndedException e) {
      if (!e.silent()) {
        throw e;
      }
    }
    if (back == 0) {
      return 0;
    }
    double seconds = Math.max(1e-3, (System.nanoTime() - began) / 1e9);
    long rate = Math.round((back - before) / seconds);
    // Two digits are what such a measurement is good for.
    return rate < 1000 ? Math.max(1, rate) : rate / 100 * 100;
  }
}
