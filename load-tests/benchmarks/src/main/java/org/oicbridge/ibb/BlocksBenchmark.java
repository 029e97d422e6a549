package org.oicbridge.ibb;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A document of 525 bytes, cut into its one block and put together again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
public class BlocksBenchmark {
  private static final int BLOCK = 32_768;

  private final byte[] document = "r".repeat(525).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  private final Chunker chunker = new Chunker(BLOCK);
  private final Reassembler reassembler = new Reassembler(BLOCK);
  private final String block = cut().base64();
  private int seq;

  @Benchmark
  public Chunker.Block cut() {
    chunker.add(document);
    return chunker.next();
  }

  @Benchmark
  public byte[] put() throws BlockException {
    byte[] bytes = reassembler.take(seq, block);
    seq = seq + 1 & 0xffff;
    return bytes;
  }
}
