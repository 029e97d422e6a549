package org.oicbridge.coap;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A representation of about 200 characters, from JSON to CBOR and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
public class BodiesBenchmark {
  private final String json =
      "{\"rt\":[\"oic.r.light.dimming\"],\"if\":[\"oic.if.a\",\"oic.if.baseline\"],"
          + "\"dimmingSetting\":50,\"range\":[0,100],\"step\":5,\"n\":\"Living room light\","
          + "\"value\":true,\"temperature\":21.5}";
  private final byte[] cbor = toCbor();

  @Benchmark
  public byte[] toCbor() {
    try {
      return JsonBody.toCbor(json);
    } catch (RequestFailed e) {
      throw new IllegalStateException(e);
    }
  }

  @Benchmark
  public String toJson() throws BadCborException {
    return CborReader.toJson(cbor);
  }
}
