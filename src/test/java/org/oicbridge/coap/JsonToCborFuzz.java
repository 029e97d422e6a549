package org.oicbridge.coap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.oicbridge.fuzz.FuzzTarget;

/** What a client sends: any text either becomes CBOR that reads back the same, or is refused. */
public final class JsonToCborFuzz implements FuzzTarget {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public List<byte[]> corpus() {
    return Stream.of(
            "{\"value\":true}",
            "{\"rt\":[\"oic.r.light\"],\"n\":\"Kitchen\",\"dim\":[1,2.5,3],\"x\":null}",
            "[[1,-2],[0.1,1e10],{\"a\":{\"b\":\"\\u00e9\\ud83d\\ude00\"}}]",
            "9223372036854775807",
            "-9223372036854775808",
            "\"text with \\\"quotes\\\" and \u00e9\"",
            "{}",
            " [ ] ",
            "1.7976931348623157E308")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public List<String> dictionary() {
    return List.of(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\ud800",
        "\\udc00",
        "1e400",
        "\"a\":1",
        "-0",
        "null",
        "99999999999999999999",
        "\\u0000",
        "[[[[[[[[",
        "]]]]]]]]");
  }

  @Override
  public void accept(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    byte[] cbor;
    try {
      cbor = JsonBody.toCbor(text);
    } catch (RequestFailed e) {
      if (e.response().problem().detail().length() > 300) {
        throw new AssertionError(e.response().problem().detail());
      }
      return;
    }
    try {
      JsonNode back = JSON.readTree(CborReader.toJson(cbor));
      if (!back.equals((a, b) -> compare(a, b), JSON.readTree(text))) {
        throw new AssertionError(text + " came back as " + back);
      }
    } catch (BadCborException | JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  /** Numbers compare by value: an integer among floats has become one. */
  private static int compare(JsonNode a, JsonNode b) {
    return a.isNumber() && b.isNumber()
        ? Double.compare(a.doubleValue() + 0.0, b.doubleValue() + 0.0)
        : a.equals(b) ? 0 : 1;
  }
}
