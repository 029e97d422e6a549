package org.oicbridge.coap;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes a JSON tree as the CBOR that the decoders of IoTivity and IoTivity-Lite take: definite
 * lengths, keys in input order, no tags, every float in 64 bits since both drop shorter ones. The
 * tree has no integers beyond 64 bits and no lone surrogates; {@link JsonBody} sees to that.
 */
final class CborWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private CborWriter() {}

  static byte[] write(JsonNode tree) {
    CborWriter writer = new CborWriter();
    writer.value(tree, false);
    return writer.out.toByteArray();
  }

  private void value(JsonNode node, boolean asFloat) {
    switch (node.getNodeType()) {
      case OBJECT -> {
        head(5, node.size());
        node.properties()
            .forEach(
                property -> {
                  text(property.getKey());
                  value(property.getValue(), false);
                });
      }
      case ARRAY -> {
        head(4, node.size());
        // Lite refuses an array with more than one type, so one float makes floats of all.
        boolean floats = mixesNumbers(node);
        node.forEach(element -> value(element, floats));
      }
      case STRING -> text(node.textValue());
      case NUMBER -> number(node, asFloat);
      case BOOLEAN -> out.write(node.booleanValue() ? 0xf5 : 0xf4);
      default -> out.write(0xf6);
    }
  }

  private static boolean mixesNumbers(JsonNode array) {
    boolean fraction = false;
    for (JsonNode element : array) {
      if (!element.isNumber()) {
        return false;
      }
      fraction |= !element.isIntegralNumber();
    }
    return fraction;
  }

  private void number(JsonNode node, boolean asFloat) {
    if (asFloat || !node.isIntegralNumber()) {
      out.write(0xfb);
      out.writeBytes(ByteBuffer.allocate(8).putDouble(node.doubleValue()).array());
      return;
    }
    long value = node.longValue();
    head(value < 0 ? 1 : 0, value < 0 ? -1 - value : value);
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    head(3, utf8.length);
    out.writeBytes(utf8);
  }

  private void head(int major, long argument) {
    int type = major << 5;
    if (argument < 24) {
      out.write(type | (int) argument);
    } else if (argument <= 0xff) {
      out.write(type | 24);
      out.write((int) argument);
    } else if (argument <= 0xffff) {
      out.write(type | 25);
      out.writeBytes(ByteBuffer.allocate(2).putShort((short) argument).array());
    } else if (argument <= 0xffff_ffffL) {
      out.write(type | 26);
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) argument).array());
    } else {
      out.write(type | 27);
      out.writeBytes(ByteBuffer.allocate(8).putLong(argument).array());
    }
  }
}
