package org.oicbridge.coap;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which of several sockets sends to a peer next. A socket has 65536 message ids for a peer, and
 * none of them may be used again within EXCHANGE_LIFETIME (RFC 7252 section 4.4), so a peer that
 * gets more messages than that has to get them from several.
 */
final class SocketTurns {
  /**
   * Messages before a peer gets the next socket. Californium gives out some 60,000 ids, and what is
   * left is for retransmissions, the blocks of requests under way, and registrations.
   */
  static final int MESSAGES = 50_000;

  /** By then the next socket should be open. */
  private static final int NEARLY = MESSAGES * 3 / 4;

  private static final class Turn {
    private int socket;
    private int messages;
    private long usedAt;

    /** When each socket was left, by its number; those that were never used are not in it. */
    private long[] leftAt = new long[0];
  }

  private final long lifetimeNanos;
  private final LongSupplier clock;
  private final Map<InetSocketAddress, Turn> turns = new HashMap<>();

  SocketTurns(long lifetimeNanos, LongSupplier clock) {
    this.lifetimeNanos = lifetimeNanos;
    this.clock = clock;
  }

  /**
   * The socket for the next request to a peer.
   *
   * @param open how many there are
   */
  int toward(InetSocketAddress peer, int open) {
    Turn turn = turns.get(peer);
    if (turn == null) {
      return 0;
    }
    if (turn.messages >= MESSAGES) {
      int next = rested(turn, open);
      if (next < open) {
        leave(turn);
        turn.socket = next;
        turn.messages = 0;
      }
    }
    return turn.socket;
  }

  /**
   * Counts a message to a peer.
   *
   * @return true when the peer will soon need a socket that is not open yet
   */
  boolean sent(InetSocketAddress peer, int socket, int open) {
    Turn turn = turns.computeIfAbsent(peer, address -> new Turn());
    turn.usedAt = clock.getAsLong();
    if (turn.socket != socket) {
      return false;
    }
    turn.messages++;
    return turn.messages >= NEARLY && rested(turn, open) == open;
  }

  /** The first other socket whose ids for the peer are free again, or the number of sockets. */
  private int rested(Turn turn, int open) {
    long now = clock.getAsLong();
    for (int i = 0; i < open; i++) {
      boolean free = i >= turn.leftAt.length || now - turn.leftAt[i] > lifetimeNanos;
      if (i != turn.socket && free) {
        return i;
      }
    }
    return open;
  }

  private void leave(Turn turn) {
    long now = clock.getAsLong();
    int before = turn.leftAt.length;
    if (turn.socket >= before) {
      turn.leftAt = Arrays.copyOf(turn.leftAt, turn.socket + 1);
      // Those between were never used.
      Arrays.fill(turn.leftAt, before, turn.socket, now - lifetimeNanos - 1);
    }
    turn.leftAt[turn.socket] = now;
  }

  /** Forgets the peers all of whose message ids are free again. */
  void dropIdle() {
    long now = clock.getAsLong();
    turns.values().removeIf(turn -> now - turn.usedAt > lifetimeNanos);
  }

  int size() {
    return turns.size();
  }
}
