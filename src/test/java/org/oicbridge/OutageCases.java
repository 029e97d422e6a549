package org.oicbridge;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.oicbridge.OutageCalls.Call;
import org.oicbridge.OutageCalls.Tally;

/** What can go wrong between two gateways and a device, done under requests and observations. */
final class OutageCases implements AutoCloseable {
  private static final long START_SECONDS = 300;
  private static final int WAIT_SECONDS = 120;

  /** Of a request whose device forgets it. */
  private static final int SHORT_WAIT_SECONDS = 20;

  private static final long POLL_MILLIS = 100;

  private final OutageSite site;
  private final OutageCalls calls;
  private final OutageWatch watch;
  private final long boundSeconds;

  /**
   * What came of a case.
   *
   * @param resumed sessions that were resumed, or -1 when that is not to be expected
   * @param back seconds until every session was connected and every device answered, -1 if not
   * @param observed seconds until every observer had seen a value of after the event, -1 if not
   * @param reopened event streams that had to be opened again
   */
  record Outcome(
      String name,
      int sessions,
      int resumed,
      Tally requests,
      Tally after,
      double back,
      double observed,
      int reopened) {

    /** Whether all is well: back, nothing twice, and lost only what may be lost. */
    boolean good() {
      boolean whole = resumed < 0 || (resumed == sessions && requests.lost() == 0);
      return whole
          && requests.doubled() + after.doubled() == 0
          && after.lost() == 0
          && back >= 0
          && observed >= 0;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s: %s; %s; back after %s, %d requests then, %d of them lost %s, %d executed twice; new"
              + " value at all observers after %s, %d event streams opened again: %s",
          name,
          resumed < 0 ? sessions + " sessions" : resumed + " of " + sessions + " sessions resumed",
          "%d requests under it, %d lost %s, %d executed twice"
              .formatted(requests.sent(), requests.lost(), requests.problems(), requests.doubled()),
          seconds(back),
          after.sent(),
          after.lost(),
          after.problems(),
          after.doubled(),
          seconds(observed),
          reopened,
          good() ? "good" : "NOT GOOD");
    }

    private static String seconds(double time) {
      return time < 0 ? "never" : String.format(Locale.ROOT, "%.1f s", time);
    }
  }

  /**
   * Starts everything and waits until each device is observed.
   *
   * @param boundSeconds within which all must be back
   */
  OutageCases(OutageSite.Server kind, int accounts, int perAccount, long boundSeconds)
      throws IOException, InterruptedException {
    this.boundSeconds = boundSeconds;
    site = new OutageSite(kind, accounts, perAccount);
    calls = new OutageCalls(site.api(), site.devices());
    watch = new OutageWatch(site.api(), site.ids());
    if (!watch.await(1, START_SECONDS) || !calls.awaitAll(site.ids(), START_SECONDS)) {
      close();
      throw new IllegalStateException("only " + watch.seen(1) + " devices are observed");
    }
  }

  int sessions() {
    return site.sessions();
  }

  /** The connections of both gateways are cut, and let through again later. */
  Outcome cut(int seconds) throws Exception {
    int before = site.resumed();
    List<Call> inFlight = inFlight(WAIT_SECONDS);
    site.proxy().cut();
    int value = site.devices().change();
    site.devices().release();
    inFlight.addAll(calls.post(site.ids(), WAIT_SECONDS));
    TimeUnit.SECONDS.sleep(seconds);
    Recovery recovery = new Recovery("connections cut for " + seconds + " s", inFlight);
    site.proxy().heal();
    recovery.await(value);
    return recovery.outcome(site.resumed() - before);
  }

  /** The XMPP server is killed and restarted. */
  Outcome restartServer(int secondsDown) throws Exception {
    List<Call> inFlight = inFlight(WAIT_SECONDS);
    site.server().kill();
    int value = site.devices().change();
    site.devices().release();
    inFlight.addAll(calls.post(site.ids(), WAIT_SECONDS));
    TimeUnit.SECONDS.sleep(secondsDown);
    Recovery recovery = new Recovery("XMPP server killed and restarted", inFlight);
    site.server().restart();
    recovery.await(value);
    return recovery.outcome(-1);
  }

  /** The devices forget who asks and who observes. */
  Outcome restartDevices() throws Exception {
    Recovery recovery = new Recovery("devices restarted", inFlight(SHORT_WAIT_SECONDS));
    site.devices().restart();
    site.devices().release();
    recovery.await(site.devices().change());
    return recovery.outcome(-1);
  }

  /** The gateway that hosts the devices is restarted; the other one observes. */
  Outcome restartGateway(boolean kill) throws Exception {
    List<Call> inFlight = inFlight(WAIT_SECONDS);
    site.endHosting(kill);
    int value = site.devices().change();
    site.devices().release();
    inFlight.addAll(calls.post(site.ids(), WAIT_SECONDS));
    Recovery recovery =
        new Recovery("hosting gateway " + (kill ? "killed" : "stopped") + " and started", inFlight);
    site.startHosting();
    recovery.await(value);
    return recovery.outcome(-1);
  }

  /** Requests that every device is just executing. */
  private List<Call> inFlight(int waitSeconds) throws InterruptedException {
    site.devices().hold();
    List<Call> inFlight = calls.post(site.ids(), waitSeconds);
    if (!site.devices().awaitHeld(site.ids().size(), WAIT_SECONDS)) {
      throw new IllegalStateException("not all requests came to their device");
    }
    return inFlight;
  }

  /** From the moment on at which the cause is over. */
  private final class Recovery {
    private final String name;
    private final List<Call> inFlight;
    private final int opened = watch.opened();
    private final long start = System.nanoTime();
    private double back = -1;
    private double observed = -1;

    Recovery(String name, List<Call> inFlight) {
      this.name = name;
      this.inFlight = inFlight;
    }

    private double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    void await(int value) throws Exception {
      if (until(site::connected) && calls.awaitAll(site.ids(), boundSeconds)) {
        back = seconds();
      }
      if (watch.await(value, boundSeconds)) {
        // Often seen while the rest was waited for.
        observed = watch.lastSeen(start);
      }
    }

    private boolean until(Callable<Boolean> state) throws Exception {
      while (!state.call()) {
        if (seconds() > boundSeconds) {
          return false;
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      return true;
    }

    Outcome outcome(int resumed) throws InterruptedException {
      Tally after = calls.tally(calls.post(site.ids(), WAIT_SECONDS));
      return new Outcome(
          name,
          site.sessions(),
          resumed,
          calls.tally(inFlight),
          after,
          back,
          observed,
          watch.opened() - opened);
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
    calls.close();
    site.close();
  }
}
