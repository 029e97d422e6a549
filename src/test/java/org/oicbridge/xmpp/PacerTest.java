package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PacerTest {
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
  private final List<Integer> sent = new ArrayList<>();
  private final Pacer pacer = new Pacer(vertx, 1000, nanos::get, bytes -> sent.add(bytes.length()));

  @AfterEach
  void stop() {
    pacer.close();
    vertx.close().await();
  }

  private void write(int length) {
    pacer.write(Buffer.buffer(new byte[length]));
  }

  @Test
  void burst_goesAtOnceAndTheRestWaits() {
    write(600);
    write(399);
    write(300);
    write(1);
    assertThat(sent).containsExactly(600, 399, 300);
    assertThat(pacer.waitingBytes()).isEqualTo(1);
  }

  @Test
  void speed_isKeptAfterTheBurst() {
    write(1500);
    nanos.addAndGet(500_000_000);
    write(100);
    nanos.addAndGet(99_000_000);
    write(100);
    assertThat(sent).containsExactly(1500, 100);
  }

  @Test
  void pause_givesBackOneBurstAndNoMore() {
    write(1000);
    nanos.addAndGet(60_000_000_000L);
    write(999);
    write(100);
    write(100);
    assertThat(sent).containsExactly(1000, 999, 100);
  }

  @Test
  void flush_sendsWhatWaitsInItsOrder() {
    write(2000);
    write(3);
    write(2);
    pacer.flush();
    assertThat(sent).containsExactly(2000, 3, 2);
    assertThat(pacer.waitingBytes()).isZero();
  }
}
