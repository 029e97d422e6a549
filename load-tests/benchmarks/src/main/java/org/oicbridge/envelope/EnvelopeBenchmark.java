package org.oicbridge.envelope;

import java.util.List;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A request of about 525 bytes, read and written. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
public class EnvelopeBenchmark {
  private final Envelope request =
      new Envelope.Request(
          Operation.UPDATE,
          "00000000-0000-4000-8000-000000000001",
          ResourcePath.parse("/light"),
          Headers.of("Accept", "application/json")
              .with("Date", "Tue, 24 Nov 2026 12:00:00 GMT")
              .with("Content-Type", "application/json")
              .with("Prefer", "wait=30")
              .with("X-OIC-Token", "1a"),
          "{\"value\":true,\"dimmingSetting\":50,\"name\":\"" + "n".repeat(50) + "\"}");
  private final byte[] document = EnvelopeWriter.write(request);
  private final EnvelopeReader reader = new EnvelopeReader(1 << 20);

  @Benchmark
  public List<Envelope> read() throws EnvelopeException {
    List<Envelope> messages = reader.feed(document);
    if (messages.size() != 1 || !(messages.get(0) instanceof Envelope.Request)) {
      throw new IllegalStateException("read " + messages);
    }
    return messages;
  }

  @Benchmark
  public byte[] write() {
    return EnvelopeWriter.write(request);
  }
}
