package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final List<Buffer> out = new ArrayList<>();
  private final Gathering gathering = new Gathering(vertx, out::add);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** Runs something in a turn of the event loop, and waits for the turns that it asked for. */
  private void turn(Consumer<Gathering> work) {
    Promise<Void> over = Promise.promise();
    context.runOnContext(
        nothing -> {
          work.accept(gathering);
          vertx.runOnContext(later -> over.complete());
        });
    over.future().await();
  }

  private static Buffer bytes(String text) {
    return Buffer.buffer(text);
  }

  @Test
  void whatIsWrittenInOneTurn_goesOutInOnePieceAndItsOrder() {
    turn(
        writing -> {
          writing.write(bytes("one "));
          writing.write(bytes("two "));
          writing.write(bytes("three"));
          assertThat(out).isEmpty();
        });
    assertThat(out).containsExactly(bytes("one two three"));
  }

  @Test
  void oneAlone_goesOutAsItIs() {
    Buffer alone = bytes("alone");
    turn(writing -> writing.write(alone));
    assertThat(out).singleElement().isSameAs(alone);
  }

  @Test
  void whatWasGiven_staysAsItWas() {
    Buffer first = bytes("first");
    turn(
        writing -> {
          writing.write(first);
          writing.write(bytes("second"));
        });
    assertThat(first).isEqualTo(bytes("first"));
  }

  @Test
  void flush_doesNotWaitForTheTurnAndLeavesNothing() {
    turn(
        writing -> {
          writing.write(bytes("now"));
          writing.flush();
          assertThat(out).containsExactly(bytes("now"));
        });
    turn(writing -> {});
    assertThat(out).hasSize(1);
  }

  @Test
  void much_doesNotWaitForMore() {
    Buffer half = Buffer.buffer(new byte[32 << 10]);
    turn(
        writing -> {
          writing.write(half);
          writing.write(half);
          assertThat(out).hasSize(1);
          writing.write(bytes("more"));
        });
    assertThat(out).hasSize(2);
    assertThat(out.get(1)).isEqualTo(bytes("more"));
  }

  @Test
  void nextTurn_hasItsOwn() {
    turn(writing -> writing.write(bytes("one")));
    turn(writing -> writing.write(bytes("two")));
    assertThat(out).containsExactly(bytes("one"), bytes("two"));
  }
}
