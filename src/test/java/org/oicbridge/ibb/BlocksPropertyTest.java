package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BlocksPropertyTest {
  private static byte[] through(Chunker chunker, Reassembler reassembler, int blockSize)
      throws BlockException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (chunker.hasNext()) {
      Chunker.Block block = chunker.next();
      byte[] bytes = reassembler.take(block.seq(), block.base64());
      assertThat(bytes).hasSize(block.size()).hasSizeBetween(1, blockSize);
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  @Property
  void whatIsCut_isPutTogetherAgain(
      @ForAll @Size(min = 1, max = 5) List<@Size(min = 1, max = 300) byte[]> messages,
      @ForAll @IntRange(min = 1, max = 320) int blockSize)
      throws BlockException {
    Chunker chunker = new Chunker(blockSize);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      chunker.add(message);
      whole.writeBytes(message);
    }

    assertThat(through(chunker, new Reassembler(blockSize), blockSize))
        .isEqualTo(whole.toByteArray());
  }

  @Property(tries = 10)
  void wrapAt65535_losesNothing(@ForAll @IntRange(min = 65_530, max = 131_080) int blocks)
      throws BlockException {
    byte[] message = new byte[blocks];
    for (int i = 0; i < blocks; i++) {
      message[i] = (byte) i;
    }
    Chunker chunker = new Chunker(1);
    chunker.add(message);

    assertThat(through(chunker, new Reassembler(1), 1)).isEqualTo(message);
  }
}
