package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.oicbridge.config.ProbeConfig;

/**
 * Whether one device answers. Whatever it answers counts, so one that is used is not probed; one
 * that was silent for a while is.
 *
 * <pre>
 *   (unknown) ──▶ probing ──answer──▶ resting ──interval──▶ probing
 *                    │ attempts                                ▲
 *                    └──▶ silent, resting ────────interval─────┘
 * </pre>
 */
final class Watch implements Contact.Listener {
  private static final long NONE = -1;

  private final Vertx vertx;
  private final ProbeConfig config;
  private final ProbePace pace;
  private final Function<Boolean, Future<?>> probe;
  private final BiConsumer<Boolean, Boolean> changed;
  private Boolean answers;
  private long heardAt;

  /** Probes since the device was heard. */
  private int sent;

  private int failures;

  /** Whether it was a ping that this device answered last; not every device knows them. */
  private boolean pings = true;

  private boolean wanted;
  private boolean queued;
  private int round;
  private boolean probing;

  /** Probes that have neither been answered nor run out of time. */
  private int open;

  private long timer = NONE;
  private boolean ended;

  /**
   * Knows nothing of a device.
   *
   * @param probe sends a ping if it is given true, a request otherwise; its future fails when
   *     nothing has come back in time
   * @param changed is told what was known before, which is null at first, and what is known now
   */
  Watch(
      Vertx vertx,
      ProbeConfig config,
      ProbePace pace,
      Function<Boolean, Future<?>> probe,
      BiConsumer<Boolean, Boolean> changed) {
    this.vertx = vertx;
    this.config = config;
    this.pace = pace;
    this.probe = probe;
    this.changed = changed;
  }

  /** Whether the device answers, null when that is not known yet. */
  Boolean answers() {
    return answers;
  }

  /** Probes as soon as its turn comes. */
  void ask() {
    if (probing || ended) {
      return;
    }
    stopTimer();
    wanted = true;
    if (!queued) {
      queued = true;
      pace.next(this::begin);
    }
  }

  private void begin() {
    queued = false;
    if (ended) {
      return;
    }
    if (!wanted) {
      // Heard of while it waited.
      rest();
      return;
    }
    wanted = false;
    probing = true;
    int number = ++round;
    // Every other probe is of the other kind, should the device not know the one any more.
    boolean ping = pings == (sent % 2 == 0);
    sent++;
    open++;
    Future<?> answer = probe.apply(ping).onComplete(over -> open--).onSuccess(any -> pings = ping);
    // A failure that is told at once, such as a network that is down, is no quicker a verdict.
    Future.join(answer.otherwiseEmpty(), vertx.timer(config.timeout().toMillis()))
        .onComplete(over -> judge(number));
  }

  private void judge(int number) {
    if (!probing || number != round || ended) {
      return;
    }
    probing = false;
    failures++;
    CoapMetrics.probe("unanswered");
    if (failures < config.attempts()) {
      ask();
    } else {
      change(false);
      rest();
    }
  }

  @Override
  public void heard() {
    heardAt = System.nanoTime();
    failures = 0;
    sent = 0;
    wanted = false;
    if (probing) {
      probing = false;
      CoapMetrics.probe("answered");
    }
    if (timer == NONE && !queued) {
      rest();
    }
    change(true);
  }

  @Override
  public void missed() {
    // A probe that fails is judged where it was sent; a silent device is not probed more often.
    if (open > 0 || wanted || Boolean.FALSE.equals(answers)) {
      return;
    }
    failures = 1;
    ask();
  }

  /** Waits for as long as the device may be silent, a little less so that many don't meet. */
  private void rest() {
    long interval = config.interval().toMillis();
    rest(interval - ThreadLocalRandom.current().nextLong(interval / 10 + 1));
  }

  private void rest(long millis) {
    stopTimer();
    if (!ended) {
      timer = vertx.setTimer(Math.max(1, millis), id -> due());
    }
  }

  private void due() {
    timer = NONE;
    long silent = (System.nanoTime() - heardAt) / 1_000_000;
    long left = config.interval().toMillis() - silent;
    if (Boolean.TRUE.equals(answers) && left > config.interval().toMillis() / 10) {
      rest(left);
    } else {
      ask();
    }
  }

  private void stopTimer() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
  }

  private void change(boolean now) {
    if (answers == null || answers != now) {
      Boolean before = answers;
      answers = now;
      changed.accept(before, now);
    }
  }

  /** Is of no interest any more. */
  void end() {
    ended = true;
    stopTimer();
  }
}
