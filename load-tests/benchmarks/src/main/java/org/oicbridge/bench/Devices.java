package org.oicbridge.bench;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** CoAP devices in a process of their own. */
final class Devices implements AutoCloseable {
  private final ChildJvm process;
  private final List<Integer> ports;

  private Devices(ChildJvm process, List<Integer> ports) {
    this.process = process;
    this.ports = ports;
  }

  static Devices start(Consumer<String> listener, int count) {
    ChildJvm process =
        ChildJvm.bench(listener, List.of("device-child", "--devices", String.valueOf(count)));
    List<Integer> ports =
        Stream.of(process.await("ready ").split(",", -1)).map(Integer::valueOf).toList();
    return new Devices(process, ports);
  }

  /** The UDP port of each. */
  List<Integer> ports() {
    return ports;
  }

  @Override
  public void close() {
    process.close();
  }
}
