package org.oicbridge.config;

import java.time.Duration;

/**
 * CoAP (RFC 7252): towards devices, and as a server.
 *
 * @param host the local address that requests are sent from
 * @param nstart exchanges in flight per device, 1 to 64 (RFC 7252 section 4.7)
 * @param queue requests that may wait for a device, 0 to 10000
 * @param ackTimeout before the first retransmission (ACK_TIMEOUT)
 * @param maxRetransmit retransmissions of a request, 0 to 10 (MAX_RETRANSMIT)
 * @param blockSize preferred block in bytes: 16, 32, 64, 128, 256, 512 or 1024 (RFC 7959)
 * @param maxBody longest representation in bytes, 1 KiB to 16 MiB
 * @param server the gateway as a CoAP server
 * @param probe how it is found out whether hosted devices answer
 */
public record CoapConfig(
    String host,
    int nstart,
    int queue,
    Duration ackTimeout,
    int maxRetransmit,
    int blockSize,
    int maxBody,
    CoapServerConfig server,
    ProbeConfig probe) {

  /** Devices are not probed. */
  public CoapConfig(
      String host,
      int nstart,
      int queue,
      Duration ackTimeout,
      int maxRetransmit,
      int blockSize,
      int maxBody,
      CoapServerConfig server) {
    this(
        host,
        nstart,
        queue,
        ackTimeout,
        maxRetransmit,
        blockSize,
        maxBody,
        server,
        ProbeConfig.NONE);
  }

  /** The same, and devices are probed. */
  public CoapConfig probing(ProbeConfig how) {
    return new CoapConfig(
        host, nstart, queue, ackTimeout, maxRetransmit, blockSize, maxBody, server, how);
  }

  static CoapConfig read(Section section) {
    CoapConfig config =
        new CoapConfig(
            section.text("host", "0.0.0.0"),
            section.integer("nstart", 1, 1, 64),
            section.integer("queue", 64, 0, 10_000),
            section.seconds("ackTimeout", 2, 0.05, 60),
            section.integer("maxRetransmit", 4, 0, 10),
            section.integer("blockSize", 1024, 16, 1024),
            section.integer("maxBody", 1 << 20, 1 << 10, 16 << 20),
            section.section("server", CoapServerConfig::read),
            section.section("probe", ProbeConfig::read));
    if (Integer.bitCount(config.blockSize) != 1) {
      section.mistake(
          "blockSize", "is \"" + config.blockSize + "\", expected a power of two from 16 to 1024");
    }
    return config;
  }
}
