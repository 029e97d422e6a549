package org.oicbridge.coap;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Entity tags: 1 to 8 opaque bytes in CoAP, their hex digits in quotes in a header. */
final class EntityTag {
  private static final int MAX_LENGTH = 8;

  private EntityTag() {}

  static String header(byte[] etag) {
    return '"' + HexFormat.of().formatHex(etag) + '"';
  }

  /** A tag for a representation whose origin gave none. */
  static byte[] of(byte[] representation) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(representation), MAX_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Those tags of a header field that the device could have given. */
  static List<byte[]> parse(String header) {
    List<byte[]> tags = new ArrayList<>();
    for (String field : header.split(",", -1)) {
      bytes(field.strip()).ifPresent(tags::add);
    }
    return tags;
  }

  private static Optional<byte[]> bytes(String field) {
    String tag = field.startsWith("W/") ? field.substring(2) : field;
    boolean quoted = tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"");
    if (!quoted) {
      return Optional.empty();
    }
    try {
      byte[] bytes = HexFormat.of().parseHex(tag, 1, tag.length() - 1);
      return bytes.length <= MAX_LENGTH ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
