package org.oicbridge.config;

import java.time.Duration;

/**
 * In-band bytestreams (XEP-0047).
 *
 * @param blockSize offered when opening a stream, in bytes before base64, 4096 to 65535
 * @param maxBlockSize largest that a peer may open a stream with, in bytes, 4096 to 65535
 * @param streamsPerPeer request streams kept open towards a peer, 1 to 8
 * @param maxStreamsPerPeer streams that a peer may open to one of our sessions, 1 to 64
 * @param observationsPerPeer streams beside those on which a peer may observe resources, 1 to 1024
 * @param requestsPerStream requests in flight on one stream of a peer that echoes tokens, 1 to 256
 * @param idleTimeout after which a stream that we opened is closed
 * @param messageLimit longest CRUDN message in bytes, 4 KiB to 4 MiB
 * @param messageTimeout longest pause between two blocks of one message; all of it may take ten
 *     times as long
 */
public record IbbConfig(
    int blockSize,
    int maxBlockSize,
    int streamsPerPeer,
    int maxStreamsPerPeer,
    int observationsPerPeer,
    int requestsPerStream,
    Duration idleTimeout,
    int messageLimit,
    Duration messageTimeout) {

  static IbbConfig read(Section section) {
    return new IbbConfig(
        section.integer("blockSize", 32_768, 4096, 65_535),
        section.integer("maxBlockSize", 65_535, 4096, 65_535),
        section.integer("streamsPerPeer", 4, 1, 8),
        section.integer("maxStreamsPerPeer", 8, 1, 64),
        section.integer("observationsPerPeer", 64, 1, 1024),
        section.integer("requestsPerStream", 64, 1, 256),
        section.seconds("idleTimeout", 120, 0.1, 3600),
        section.integer("messageLimit", 1 << 20, 4 << 10, 4 << 20),
        section.seconds("messageTimeout", 30, 0.1, 300));
  }
}
