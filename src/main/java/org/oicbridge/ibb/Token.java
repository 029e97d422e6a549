package org.oicbridge.ibb;

import org.oicbridge.crudn.Headers;

/**
 * The optional header that lets requests be pipelined on one stream: a peer which advertises {@code
 * urn:x-oic-ra:token:0} echoes it in its answer.
 */
final class Token {
  static final String HEADER = "X-OIC-Token";

  private Token() {}

  /** The token that a message carries, or null. */
  static String of(Headers headers) {
    return headers.get(HEADER).filter(token -> !token.isEmpty()).orElse(null);
  }
}
