package org.oicbridge.coap;

/** CBOR for tests that are about something else. */
final class CborWriterTestData {
  private CborWriterTestData() {}

  static byte[] cbor(String json) {
    try {
      return JsonBody.toCbor(json);
    } catch (RequestFailed e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
