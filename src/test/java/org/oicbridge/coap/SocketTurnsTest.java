package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketTurnsTest {
  private static final long LIFETIME = 247_000;

  private final InetSocketAddress busy = peer(1);
  private long now = 5;
  private final SocketTurns turns = new SocketTurns(LIFETIME, () -> now);

  private static InetSocketAddress peer(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Sends as many messages as one socket is good for; true when another one is wanted. */
  private boolean exhaust(int socket, int open) {
    boolean wanted = false;
    for (int i = 0; i < SocketTurns.MESSAGES; i++) {
      wanted |= turns.sent(busy, socket, open);
    }
    return wanted;
  }

  @Test
  void peer_getsTheNextSocketBeforeTheIdsOfOneEnd() {
    assertThat(turns.toward(busy, 1)).isZero();
    assertThat(exhaust(0, 1)).isTrue();
    // There is none yet.
    assertThat(turns.toward(busy, 1)).isZero();
    assertThat(turns.toward(busy, 2)).isEqualTo(1);
    assertThat(exhaust(1, 2)).isTrue();
    assertThat(turns.toward(busy, 3)).isEqualTo(2);
  }

  @Test
  void socket_isUsedAgainAfterTheLifetimeOfItsIds() {
    List<Integer> used = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      used.add(turns.toward(busy, 3));
      exhaust(used.get(i), 3);
    }
    assertThat(used).containsExactly(0, 1, 2);
    assertThat(turns.toward(busy, 3)).isEqualTo(2);
    now += LIFETIME;
    assertThat(turns.toward(busy, 3)).isEqualTo(2);
    now++;
    assertThat(turns.toward(busy, 3)).isZero();
    assertThat(exhaust(0, 3)).isFalse();
    assertThat(turns.toward(busy, 3)).isEqualTo(1);
  }

  @Test
  void otherPeers_stayWhereTheyAre() {
    exhaust(0, 2);
    assertThat(turns.toward(busy, 2)).isEqualTo(1);
    assertThat(turns.toward(peer(2), 2)).isZero();
  }

  @Test
  void messageOfAnEarlierRequest_doesNotCountForTheNewSocket() {
    exhaust(0, 2);
    assertThat(turns.toward(busy, 2)).isEqualTo(1);
    exhaust(0, 2);
    assertThat(turns.toward(busy, 2)).isEqualTo(1);
  }

  @Test
  void peer_isForgottenWhenItsIdsAreFree() {
    turns.sent(busy, 0, 1);
    turns.sent(peer(2), 0, 1);
    now += LIFETIME;
    turns.sent(busy, 0, 1);
    now++;
    turns.dropIdle();
    assertThat(turns.size()).isEqualTo(1);
  }
}
