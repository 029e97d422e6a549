package org.oicbridge.coap;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.oicbridge.fuzz.FuzzTarget;

/** What a device sends: any bytes either become JSON that a strict reader takes, or are refused. */
public final class CborToJsonFuzz implements FuzzTarget {
  @Override
  public List<byte[]> corpus() {
    return Stream.of(
            "a2657374617465f565706f77657201",
            "bf62646950"
                + "00112233445566778899aabbccddeeff"
                + "656c696e6b739fbf6468726566ff"
                + "ff",
            "bf657374617465f465706f77657201646e616d656c4a6f686e2773204c69676874ff",
            "81a26468726566672f612f6c6967687462727481716f69632e722e7377697463682e62696e617279",
            "84fa3dcccccdf93c00fb3ff199999999999af97e00",
            "c249010000000000000000c348ffffffffffffffff",
            "d6441234ff00",
            "d9d9f7a201020304",
            "7f657374726561646d696e67ff",
            "5f42010243030405ff",
            "a120f7",
            "f8ff")
        .map(HexFormat.of()::parseHex)
        .toList();
  }

  @Override
  public List<String> dictionary() {
    return List.of("a", "bdi", "aa", "\u007f", "\u001b", "\u0018", "\u0000", "bpi", "dpiid");
  }

  @Override
  public void accept(byte[] input) {
    String json;
    try {
      json = CborReader.toJson(input);
    } catch (BadCborException e) {
      return;
    }
    // Also shows that nothing in it breaks XML 1.0 character data.
    if (json.chars().anyMatch(c -> c < ' ' || c >= 0xfffe)) {
      throw new AssertionError("not fit for XML: " + json);
    }
    if (json.length() > 20L * input.length + 10) {
      throw new AssertionError(input.length + " bytes became " + json.length() + " characters");
    }
    StandardCharsets.UTF_8.encode(json);
    try {
      JsonBody.parse(json);
    } catch (RequestFailed e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }
}
