package org.oicbridge.ibb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.oicbridge.fuzz.FuzzTarget;

/** Blocks as a peer may send them: the reader takes them or refuses them, and nothing else. */
public final class Base64BlockFuzz implements FuzzTarget {
  private static final int BLOCK_SIZE = 256;

  @Override
  public List<byte[]> corpus() {
    return List.of(
            Shard.retrieve("/a/light?if=oic.if.baseline"),
            Shard.response("{\"value\":false}", org.oicbridge.crudn.Headers.NONE),
            new byte[BLOCK_SIZE],
            new byte[BLOCK_SIZE + 1],
            new byte[0])
        .stream()
        .map(block -> Base64.getMimeEncoder().encode(block))
        .toList();
  }

  @Override
  public List<String> dictionary() {
    return List.of(
        "=", "==", "\n", "\r\n", " ", "\t", "-", "_", "A", "\u00a0", "\u0000", "PHJlc3Q");
  }

  @Override
  public void accept(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    byte[] bytes;
    try {
      bytes = new Reassembler(BLOCK_SIZE).take(0, text);
    } catch (BlockException e) {
      return;
    }
    if (bytes.length > BLOCK_SIZE) {
      throw new AssertionError("a block of " + bytes.length + " bytes was taken");
    }
    String kept = text.replaceAll("[ \t\r\n]", "");
    byte[] again = Base64.getDecoder().decode(kept);
    if (!kept.matches("[A-Za-z0-9+/]*={0,2}") || !java.util.Arrays.equals(bytes, again)) {
      throw new AssertionError("what was taken is no base64: " + kept);
    }
  }
}
