package org.oicbridge.coap;

import org.eclipse.californium.core.coap.MediaTypeRegistry;

/** The Content-Format numbers that this package understands (RFC 7252 section 12.3, OCF Core). */
final class ContentFormat {
  static final int TEXT = MediaTypeRegistry.TEXT_PLAIN;
  static final int LINK_FORMAT = MediaTypeRegistry.APPLICATION_LINK_FORMAT;
  static final int JSON = MediaTypeRegistry.APPLICATION_JSON;
  static final int CBOR = MediaTypeRegistry.APPLICATION_CBOR;

  /** {@code application/vnd.ocf+cbor}. */
  static final int OCF_CBOR = 10_000;

  /** The option is absent. */
  static final int NONE = MediaTypeRegistry.UNDEFINED;

  private ContentFormat() {}
}
