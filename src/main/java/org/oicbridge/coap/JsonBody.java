package org.oicbridge.coap;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.oicbridge.crudn.Status;

/** Reads JSON text strictly, and turns it into CBOR for a device. */
final class JsonBody {
  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(CborReader.MAX_DEPTH).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private JsonBody() {}

  /**
   * Checks that a text is JSON and returns its tree.
   *
   * @throws RequestFailed 400 {@code invalid-json} with the line and column of the mistake
   */
  static JsonNode parse(String json) throws RequestFailed {
    try {
      JsonNode tree = READER.readTree(json);
      if (tree.isMissingNode()) {
        throw bad("the body is blank");
      }
      return tree;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      String reason = e.getOriginalMessage().lines().findFirst().orElse("");
      throw bad("the body is not JSON" + where + ": " + shorten(reason));
    }
  }

  /**
   * The CBOR of a JSON text.
   *
   * @throws RequestFailed 400 {@code invalid-json} when it is not JSON, or has a number or a string
   *     that a device can't take
   */
  static byte[] toCbor(String json) throws RequestFailed {
    JsonNode tree = parse(json);
    check(tree, "");
    return CborWriter.write(tree);
  }

  private static void check(JsonNode node, String path) throws RequestFailed {
    switch (node.getNodeType()) {
      case OBJECT -> {
        for (var property : node.properties()) {
          String below = path + "/" + property.getKey();
          checkText(property.getKey(), below);
          check(property.getValue(), below);
        }
      }
      case ARRAY -> {
        for (int i = 0; i < node.size(); i++) {
          check(node.get(i), path + "/" + i);
        }
      }
      case STRING -> checkText(node.textValue(), path);
      case NUMBER -> checkNumber(node, path);
      default -> {}
    }
  }

  private static void checkNumber(JsonNode number, String path) throws RequestFailed {
    // Both IoTivity stacks read integers as int64 and wrap what is greater.
    if (number.isIntegralNumber() && !number.canConvertToLong()) {
      throw bad(shorten(path) + " is an integer that does not fit 64 bits with a sign");
    }
    if (!Double.isFinite(number.doubleValue())) {
      throw bad(shorten(path) + " is a number that does not fit a 64-bit float");
    }
  }

  private static void checkText(String text, String path) throws RequestFailed {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      // A code point above U+FFFF is a whole pair; half of one has no UTF-8.
      if (!Character.isSupplementaryCodePoint(text.codePointAt(i++))) {
        throw bad(shorten(path) + " has half of a surrogate pair");
      }
    }
  }

  private static String shorten(String text) {
    String whole = text.isEmpty() ? "the value" : text;
    return whole.length() <= 120 ? whole : whole.substring(0, 120) + "…";
  }

  private static RequestFailed bad(String detail) {
    return new RequestFailed(Status.BAD_REQUEST, "invalid-json", detail);
  }
}
