package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void messageThatFits_isOneBlock() {
    Chunker chunker = new Chunker(6);
    chunker.add(bytes("foobar"));

    assertThat(chunker.next()).isEqualTo(new Chunker.Block(0, "Zm9vYmFy", 6, true));
    assertThat(chunker.hasNext()).isFalse();
  }

  @Test
  void longMessage_isCutAndNeverSharesABlock() {
    Chunker chunker = new Chunker(4);
    chunker.add(bytes("foobar"));
    chunker.add(bytes("x"));

    assertThat(chunker.next()).isEqualTo(new Chunker.Block(0, "Zm9vYg==", 4, false));
    assertThat(chunker.next()).isEqualTo(new Chunker.Block(1, "YXI=", 2, true));
    assertThat(chunker.next()).isEqualTo(new Chunker.Block(2, "eA==", 1, true));
    assertThat(chunker.hasNext()).isFalse();
  }

  @Test
  void seq_wrapsBehind65535() {
    Chunker chunker = new Chunker(1);
    chunker.add(new byte[65_538]);

    List<Integer> tail = new ArrayList<>();
    for (int i = 0; chunker.hasNext(); i++) {
      Chunker.Block block = chunker.next();
      if (i >= 65_534) {
        tail.add(block.seq());
      }
    }
    assertThat(tail).containsExactly(65_534, 65_535, 0, 1);
  }
}
