package org.oicbridge.coap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.californium.core.coap.Response;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Status;

/** Turns the payload of an answer into JSON text. */
final class Representation {
  private Representation() {}

  /**
   * The body of an answer, null when it has no payload.
   *
   * @param ownFormat what a missing Content-Format most likely means on this device
   * @param headers those of the request
   * @throws RequestFailed 502 {@code bad-answer}, 406 when JSON can't express it
   */
  static String toJson(Response answer, int ownFormat, Headers headers) throws RequestFailed {
    byte[] payload = answer.getPayload();
    int format = answer.getOptions().getContentFormat();
    if (payload.length == 0) {
      return null;
    }
    if (answer.isError() && (format == ContentFormat.NONE || format == ContentFormat.TEXT)) {
      // A diagnostic payload (RFC 7252 section 5.5.2); one that nobody can read is left out.
      return utf8(payload).map(t -> "{\"error\":" + JsonText.quoted(t) + "}").orElse(null);
    }
    return switch (format) {
      case ContentFormat.OCF_CBOR, ContentFormat.CBOR -> cbor(payload);
      case ContentFormat.JSON -> json(payload).orElseThrow(() -> bad("says it is JSON and is not"));
      case ContentFormat.TEXT, ContentFormat.LINK_FORMAT ->
          utf8(payload)
              .map(JsonText::quoted)
              .orElseThrow(() -> bad("says it is text and is not UTF-8"));
      case ContentFormat.NONE -> guess(payload, ownFormat);
      default -> binary(payload, format, headers);
    };
  }

  private static String guess(byte[] payload, int ownFormat) throws RequestFailed {
    if (ownFormat == ContentFormat.JSON) {
      // Text is tried before CBOR: no map or array of CBOR is UTF-8, but much text is a CBOR
      // scalar.
      Optional<String> text = json(payload).or(() -> utf8(payload).map(JsonText::quoted));
      return text.isPresent() ? text.get() : cbor(payload);
    }
    try {
      return CborReader.toJson(payload);
    } catch (BadCborException e) {
      return utf8(payload)
          .map(JsonText::quoted)
          .orElseThrow(() -> bad("names no format and is neither CBOR nor text"));
    }
  }

  private static String cbor(byte[] payload) throws RequestFailed {
    try {
      return CborReader.toJson(payload);
    } catch (BadCborException e) {
      throw bad("is not CBOR that JSON can express: " + e.getMessage());
    }
  }

  private static Optional<String> json(byte[] payload) {
    return utf8(payload).filter(Representation::isJson).map(JsonText::forXml);
  }

  private static boolean isJson(String text) {
    try {
      JsonBody.parse(text);
      return true;
    } catch (RequestFailed e) {
      return false;
    }
  }

  private static Optional<String> utf8(byte[] payload) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String binary(byte[] payload, int format, Headers headers) throws RequestFailed {
    if (!MediaRange.acceptsAnything(headers)) {
      throw new RequestFailed(
          Status.NOT_ACCEPTABLE,
          "not-expressible",
          "the device answers in Content-Format " + format + ", which JSON can't express");
    }
    String base64 = ByteStringForm.BASE64.encode(payload);
    return "{\"base64\":\"" + base64 + "\",\"ct\":" + format + "}";
  }

  private static RequestFailed bad(String what) {
    return new RequestFailed(
        Status.BAD_GATEWAY, "bad-answer", "the payload that the device sent " + what);
  }
}
