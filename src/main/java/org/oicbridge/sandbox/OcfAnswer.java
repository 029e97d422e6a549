package org.oicbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;

/**
 * What a resource answers to a request. It is as strict as a current IoTivity-Lite: one content
 * format, version options checked, and an interface that doesn't allow the method is forbidden.
 */
final class OcfAnswer {
  /** application/vnd.ocf+cbor. */
  static final int OCF_CBOR = 10000;

  static final ObjectMapper CBOR =
      CBORMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private OcfAnswer() {}

  /**
   * Does what a request asks for.
   *
   * @param href the path of the resource
   * @param body empty for none
   * @return what to answer, with the code 2.04 when the resource has changed
   */
  static Response to(OcfContent content, String href, Code method, OptionSet options, byte[] body) {
    try {
      ResponseCode code = code(method);
      checkFormats(options, body.length > 0);
      OcfQuery query = OcfQuery.read(options.getUriQuery(), content.interfaces());
      if (code == ResponseCode.CHANGED) {
        update(content, href, query, body);
      }
      Response response = new Response(code);
      response.setPayload(CBOR.writeValueAsBytes(content.read(query)));
      response.getOptions().setContentFormat(OCF_CBOR);
      OcfVersionOptions.write(
          response.getOptions(), OcfVersionOptions.CONTENT_VERSION, OcfVersionOptions.OCF_1_0_0);
      return response;
    } catch (Refusal refusal) {
      return refuse(refusal.code(), refusal.getMessage());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a representation that is no CBOR", e);
    }
  }

  /** An answer with a text for people. */
  static Response refuse(ResponseCode code, String reason) {
    Response response = new Response(code);
    response.setPayload(reason);
    return response;
  }

  private static ResponseCode code(Code method) throws Refusal {
    return switch (method) {
      case GET -> ResponseCode.CONTENT;
      case POST, PUT -> ResponseCode.CHANGED;
      default -> throw new Refusal(ResponseCode.METHOD_NOT_ALLOWED, method + " is not for devices");
    };
  }

  private static void update(OcfContent content, String href, OcfQuery query, byte[] body)
      throws Refusal {
    if (!query.via().writes()) {
      throw new Refusal(
          ResponseCode.FORBIDDEN, "interface \"" + query.via().text() + "\" is for reading");
    }
    if (!content.writable()) {
      throw new Refusal(ResponseCode.METHOD_NOT_ALLOWED, href + " can't be changed");
    }
    content.update(map(body));
  }

  private static void checkFormats(OptionSet options, boolean body) throws Refusal {
    if (options.hasAccept() && options.getAccept() != OCF_CBOR) {
      throw new Refusal(ResponseCode.NOT_ACCEPTABLE, "only content format " + OCF_CBOR);
    }
    int format = options.getContentFormat();
    boolean told = format != MediaTypeRegistry.UNDEFINED;
    if ((told || body) && format != OCF_CBOR) {
      throw new Refusal(ResponseCode.UNSUPPORTED_CONTENT_FORMAT, "only content format " + OCF_CBOR);
    }
    checkVersion(OcfVersionOptions.read(options, OcfVersionOptions.ACCEPT_VERSION));
    checkVersion(OcfVersionOptions.read(options, OcfVersionOptions.CONTENT_VERSION));
  }

  private static void checkVersion(OptionalLong version) throws Refusal {
    if (version.isPresent() && version.getAsLong() < OcfVersionOptions.OCF_1_0_0) {
      throw new Refusal(
          ResponseCode.UNSUPPORTED_CONTENT_FORMAT,
          "version " + version.getAsLong() + " is before " + OcfVersionOptions.OCF_1_0_0);
    }
  }

  private static JsonNode map(byte[] body) throws Refusal {
    try {
      JsonNode map = CBOR.readTree(body);
      if (map.isObject()) {
        return map;
      }
    } catch (IOException e) {
      // told below: the parser's words speak of its own source code
    }
    throw new Refusal(ResponseCode.BAD_REQUEST, "the body is not a CBOR map");
  }
}
