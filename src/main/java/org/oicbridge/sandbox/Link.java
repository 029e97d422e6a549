package org.oicbridge.sandbox;

import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.ServerSSLOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's connection, which a test may make slow, mute or dead. */
final class Link {
  private static final Logger LOG = LoggerFactory.getLogger(Link.class);
  private static final long NO_TIMER = -1;

  /** A client that leaves more than this unread is cut off. */
  private static final int MAX_UNREAD = 8 << 20;

  private record Held(Buffer bytes, long due) {}

  private final Vertx vertx;
  private final NetSocket socket;
  private Deque<Held> held;
  private int heldBytes;
  private long delayMillis;
  private long timer = NO_TIMER;
  private boolean paused;
  private boolean frozen;
  private boolean ending;

  /**
   * Takes over a connection.
   *
   * @param whenClosed run when the server learns that it is closed
   */
  Link(Vertx vertx, NetSocket socket, Runnable whenClosed) {
    this.vertx = vertx;
    this.socket = socket;
    socket.setWriteQueueMaxSize(MAX_UNREAD);
    socket.exceptionHandler(e -> LOG.debug("connection {}: {}", this, e.toString()));
    socket.closeHandler(
        closed -> {
          if (!frozen) {
            whenClosed.run();
          }
        });
  }

  boolean isTls() {
    return socket.isSsl();
  }

  void read(Handler<Buffer> handler) {
    socket.handler(handler);
  }

  Future<Void> startTls(ServerSSLOptions options, Buffer before) {
    return socket.upgradeToSsl(options, before);
  }

  /** True when the client reads too slowly. */
  boolean full() {
    return socket.writeQueueFull() || heldBytes > MAX_UNREAD;
  }

  void write(Buffer bytes) {
    if (frozen || ending) {
      return;
    }
    if (held == null && !paused && delayMillis == 0) {
      socket.write(bytes);
      return;
    }
    if (held == null) {
      held = new ArrayDeque<>();
    }
    held.add(new Held(bytes, now() + delayMillis));
    heldBytes += bytes.length();
    schedule();
  }

  /** Closes the connection behind all that was written. */
  void end(Buffer lastWords) {
    write(lastWords);
    ending = true;
    if (frozen) {
      abandon();
    } else if (held == null) {
      socket.end();
    }
  }

  void close() {
    ending = true;
    if (frozen) {
      abandon();
    } else {
      socket.close();
    }
  }

  /** Neither says nor reads anything, but lets the socket go when the client does. */
  private void abandon() {
    socket.handler(null);
    socket.resume();
  }

  /** From now on nothing arrives, as if the network were gone; the connection stays open. */
  void freeze() {
    frozen = true;
    held = null;
    heldBytes = 0;
    socket.pause();
  }

  /** Resets the connection. */
  void cut() {
    frozen = false;
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .channel()
        .config()
        .setOption(ChannelOption.SO_LINGER, 0);
    socket.close();
  }

  /** Neither reads nor writes until it goes on. */
  void pause() {
    paused = true;
    if (!frozen) {
      socket.pause();
    }
  }

  void goOn() {
    paused = false;
    if (!frozen) {
      socket.resume();
      flush();
    }
  }

  /** Writes everything later by so much, in its order; what was written already keeps its time. */
  void delay(long millis) {
    delayMillis = millis;
  }

  private void schedule() {
    if (timer == NO_TIMER && held != null && !paused) {
      timer = vertx.setTimer(Math.max(1, held.element().due() - now()), id -> flush());
    }
  }

  private void flush() {
    timer = NO_TIMER;
    while (held != null && !paused && held.element().due() <= now()) {
      Held next = held.remove();
      heldBytes -= next.bytes().length();
      socket.write(next.bytes());
      if (held.isEmpty()) {
        held = null;
      }
    }
    if (held == null && ending && !frozen) {
      socket.end();
    }
    schedule();
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public String toString() {
    return String.valueOf(socket.remoteAddress());
  }
}
