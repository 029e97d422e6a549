package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets bytes through at a limited speed, in their order, after a burst of what goes through in one
 * second. What is written in one piece goes in one piece, and the rest waits longer for it.
 */
final class Pacer {
  private static final long SECOND = 1_000_000_000L;

  private final Vertx vertx;
  private final long bytesPerSecond;
  private final LongSupplier nanoTime;
  private final Consumer<Buffer> out;
  private final Deque<Buffer> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private long paidUntil;
  private long timer = -1;

  /**
   * Nothing was sent through it yet.
   *
   * @param bytesPerSecond 1 or more
   * @param nanoTime a clock such as {@link System#nanoTime()}
   */
  Pacer(Vertx vertx, long bytesPerSecond, LongSupplier nanoTime, Consumer<Buffer> out) {
    this.vertx = vertx;
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    this.out = out;
    this.paidUntil = nanoTime.getAsLong() - SECOND;
  }

  void write(Buffer bytes) {
    if (waiting.isEmpty() && waitNanos() <= 0) {
      send(bytes);
    } else {
      waiting.add(bytes);
      waitingBytes += bytes.length();
      wake();
    }
  }

  long waitingBytes() {
    return waitingBytes;
  }

  /** Sends all that waits at once. */
  void flush() {
    vertx.cancelTimer(timer);
    timer = -1;
    while (!waiting.isEmpty()) {
      out.accept(waiting.remove());
    }
    waitingBytes = 0;
  }

  /** Forgets all that waits. */
  void close() {
    vertx.cancelTimer(timer);
    waiting.clear();
    waitingBytes = 0;
  }

  private long waitNanos() {
    return paidUntil - nanoTime.getAsLong();
  }

  private void send(Buffer bytes) {
    long burst = nanoTime.getAsLong() - SECOND;
    long from = paidUntil - burst < 0 ? burst : paidUntil;
    paidUntil = from + bytes.length() * SECOND / bytesPerSecond;
    out.accept(bytes);
  }

  private void wake() {
    if (timer < 0) {
      timer =
          vertx.setTimer(
              Math.max(1, (waitNanos() + 999_999) / 1_000_000),
              id -> {
                timer = -1;
                goOn();
              });
    }
  }

  private void goOn() {
    while (!waiting.isEmpty() && waitNanos() <= 0) {
      Buffer next = waiting.remove();
      waitingBytes -= next.length();
      send(next);
    }
    if (!waiting.isEmpty()) {
      wake();
    }
  }
}
