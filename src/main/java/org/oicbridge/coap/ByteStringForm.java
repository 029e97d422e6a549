package org.oicbridge.coap;

import java.util.Base64;
import java.util.HexFormat;

/** How a CBOR byte string is written in JSON (RFC 8949 section 6.1). */
enum ByteStringForm {
  BASE64URL,
  BASE64,
  HEX;

  String encode(byte[] bytes) {
    return switch (this) {
      case BASE64URL -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      case BASE64 -> Base64.getEncoder().encodeToString(bytes);
      case HEX -> HexFormat.of().formatHex(bytes);
    };
  }
}
