package org.oicbridge.coap;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.option.IntegerOptionDefinition;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.JsonSyntax;
import org.oicbridge.crudn.MalformedJsonException;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/** A CoAP request for a resource of the gateway itself, on its way to becoming a CRUDN request. */
final class OwnMessage {
  /** The first segment of all paths under which the devices of the caller's account are. */
  static final String DEVICES = "devices";

  private final Request message;
  private final Operation operation;
  private final ResourcePath path;
  private final int format;
  private final OwnRequest.Form form;
  private final String body;

  /**
   * Checks a request.
   *
   * @param maxBody longest body in bytes
   * @throws RequestFailed 400, 405, 406, 413 or 415
   */
  OwnMessage(Request message, int maxBody) throws RequestFailed {
    this.message = message;
    this.operation = operation(message.getCode());
    this.path = path(message.getOptions());
    this.format = accepted(message.getOptions());
    this.form = form(message.getOptions(), format);
    // A payload means nothing with GET and DELETE (RFC 7252 section 5.8).
    boolean takesBody = operation == Operation.CREATE || operation == Operation.UPDATE;
    this.body = takesBody && message.getPayloadSize() > 0 ? body(message, maxBody) : null;
  }

  private static Operation operation(Code code) throws RequestFailed {
    return switch (code) {
      case GET -> Operation.RETRIEVE;
      case PUT -> Operation.CREATE;
      case POST -> Operation.UPDATE;
      case DELETE -> Operation.DELETE;
      case FETCH, PATCH, IPATCH, CUSTOM_30 ->
          throw new RequestFailed(
              Status.METHOD_NOT_ALLOWED, "method-not-supported", code + " is not served here");
    };
  }

  private static ResourcePath path(OptionSet options) throws RequestFailed {
    if (forDevice(options)) {
      return resource(options.getUriPath(), options.getUriQuery());
    }
    List<String> query = new ArrayList<>();
    for (String option : options.getUriQuery()) {
      // Both separators are seen within one option.
      for (String parameter : option.split("[;&]", -1)) {
        if (!parameter.isEmpty()) {
          query.add(parameter);
        }
      }
    }
    return resource(options.getUriPath(), query);
  }

  private static boolean forDevice(OptionSet options) {
    return !options.getUriPath().isEmpty() && options.getUriPath().get(0).equals(DEVICES);
  }

  private static ResourcePath resource(List<String> segments, List<String> query)
      throws RequestFailed {
    try {
      return new ResourcePath(segments, query);
    } catch (IllegalArgumentException e) {
      throw new RequestFailed(Status.BAD_REQUEST, "invalid-path", e.getMessage());
    }
  }

  private static int accepted(OptionSet options) throws RequestFailed {
    int accept = options.getAccept();
    int version = OcfOption.version(options, OcfOption.ACCEPT_VERSION);
    boolean old = version >= 0 && version < OcfOption.VERSION_1_0_0;
    return switch (accept) {
      case ContentFormat.NONE, ContentFormat.CBOR -> ContentFormat.CBOR;
      case ContentFormat.JSON -> ContentFormat.JSON;
      case ContentFormat.OCF_CBOR -> {
        if (old) {
          throw notAcceptable("Accept 10000 in version " + version);
        }
        yield ContentFormat.OCF_CBOR;
      }
      default -> throw notAcceptable("Accept " + accept);
    };
  }

  private static RequestFailed notAcceptable(String asked) {
    return new RequestFailed(
        Status.NOT_ACCEPTABLE, "not-producible", asked + "; answers are 10000, 60 or 50");
  }

  private static OwnRequest.Form form(OptionSet options, int format) {
    boolean version =
        OcfOption.version(options, OcfOption.ACCEPT_VERSION) >= OcfOption.VERSION_1_0_0;
    return format == ContentFormat.OCF_CBOR || (format == ContentFormat.JSON && version)
        ? OwnRequest.Form.OCF
        : OwnRequest.Form.OIC;
  }

  private static String body(Request message, int maxBody) throws RequestFailed {
    if (message.getPayloadSize() > maxBody) {
      throw new RequestFailed(
          Status.CONTENT_TOO_LARGE,
          "body-too-large",
          "the body has " + message.getPayloadSize() + " bytes, at most " + maxBody + " are taken");
    }
    int format = message.getOptions().getContentFormat();
    return switch (format) {
      case ContentFormat.NONE, ContentFormat.CBOR, ContentFormat.OCF_CBOR -> cbor(message);
      case ContentFormat.JSON -> json(message);
      default ->
          throw new RequestFailed(
              Status.UNSUPPORTED_MEDIA_TYPE,
              "json-required",
              "Content-Format " + format + "; bodies are 10000, 60 or 50");
    };
  }

  private static String cbor(Request message) throws RequestFailed {
    try {
      return CborReader.toJson(message.getPayload());
    } catch (BadCborException e) {
      throw bad("the body is not CBOR that JSON can express: " + e.getMessage());
    }
  }

  private static String json(Request message) throws RequestFailed {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(message.getPayload()))
              .toString();
      if (text.isBlank()) {
        throw bad("the body is blank");
      }
      JsonSyntax.check(text);
      return JsonText.forXml(text);
    } catch (CharacterCodingException e) {
      throw bad("the body is not UTF-8");
    } catch (MalformedJsonException e) {
      throw bad("the body is " + e.getMessage());
    }
  }

  private static RequestFailed bad(String detail) {
    return new RequestFailed(Status.BAD_REQUEST, "invalid-json", detail);
  }

  /** What is asked of the gateway's own device. */
  OwnRequest toOwn(DeviceId target, Caller caller, InetSocketAddress source, Deadline deadline) {
    return new OwnRequest(
        new CrudnRequest(
            caller.account(),
            target,
            operation,
            path,
            headers(),
            body,
            caller.account(),
            CrudnRequest.Via.HOSTED,
            deadline),
        caller,
        form,
        source,
        message.isMulticast());
  }

  private Headers headers() {
    OptionSet options = message.getOptions();
    Headers headers = body == null ? Headers.NONE : Headers.of("Content-Type", "application/json");
    for (byte[] etag : options.getIfMatch()) {
      headers = headers.with("If-Match", etag.length == 0 ? "*" : EntityTag.header(etag));
    }
    if (options.hasIfNoneMatch()) {
      headers = headers.with("If-None-Match", "*");
    }
    for (byte[] etag : options.getETags()) {
      headers = headers.with("If-None-Match", EntityTag.header(etag));
    }
    if (forDevice()) {
      headers = version(headers, OcfOption.ACCEPT_VERSION);
      headers = version(headers, OcfOption.CONTENT_VERSION);
    }
    return observe() ? headers.with("Observe", "0") : headers;
  }

  private Headers version(Headers headers, IntegerOptionDefinition which) {
    int version = OcfOption.version(message.getOptions(), which);
    return version < 0 ? headers : headers.with(which.getName(), String.valueOf(version));
  }

  /** True when it is for a device, and nothing that the gateway itself has. */
  boolean forDevice() {
    return forDevice(message.getOptions());
  }

  /** True when the client wants to be told of changes. */
  boolean observe() {
    return operation == Operation.RETRIEVE && message.isObserve() && !message.isMulticast();
  }

  /** The most bytes of a body in one message, which the client may have made less than ours. */
  int blockSize(int ours) {
    OptionSet options = message.getOptions();
    return options.hasBlock2() ? Math.min(options.getBlock2().getSize(), ours) : ours;
  }

  /** True when answering it leaves more behind than the answer. */
  boolean doesSomething() {
    return operation != Operation.RETRIEVE || observe() || forDevice();
  }

  Operation operation() {
    return operation;
  }

  ResourcePath path() {
    return path;
  }

  /** The Content-Format of the answer. */
  int format() {
    return format;
  }
}
