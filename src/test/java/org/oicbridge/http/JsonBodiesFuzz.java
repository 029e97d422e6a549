package org.oicbridge.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oicbridge.fuzz.FuzzTarget;

/** Whatever a body is taken as must be JSON to others too. */
public final class JsonBodiesFuzz implements FuzzTarget {
  private static final ObjectMapper OTHER =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  @Override
  public List<byte[]> corpus() {
    return List.of(
        bytes("{\"value\":true,\"n\":\"Lamp ä\",\"range\":[0,100.5,-1e3]}"),
        bytes("[[[[{\"a\":{\"b\":null}}]]]]"),
        bytes("\"\\u00e4\\n\""),
        bytes(" 12345678901234567890 "),
        bytes(""),
        bytes("{\"a\":1,\"a\":2}"),
        bytes("[".repeat(40) + "]".repeat(40)),
        bytes("1".repeat(1100)),
        bytes("{\"a\":\n tru}"),
        new byte[] {'"', (byte) 0xc3, '"'},
        "{\"a\":1}".getBytes(StandardCharsets.UTF_16BE));
  }

  @Override
  public List<String> dictionary() {
    return List.of("{", "}", "[", "]", ":", ",", "\"", "\\u", "null", "true", "1e9", "\"value\"");
  }

  @Override
  public void accept(byte[] input) {
    String text;
    try {
      text = JsonBodies.read(input);
    } catch (Refusal e) {
      return;
    }
    try {
      if (text != null) {
        OTHER.readTree(text);
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
