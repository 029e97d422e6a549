package org.oicbridge.envelope;

/**
 * What a peer sent is not a {@code <rest>} document at all: not XML, with a DOCTYPE or an entity,
 * or beyond what a parser should be asked to hold. In message mode XEP-0047 has no other way to say
 * so than to close the bytestream.
 */
public final class EnvelopeException extends Exception {
  private static final long serialVersionUID = 1L;

  EnvelopeException(String message) {
    super(message);
  }
}
