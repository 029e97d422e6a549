package org.oicbridge.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.server.resources.CoapExchange;

/**
 * The CoAP side of a resource. It is as strict as a current IoTivity-Lite: one content format,
 * version options checked, and an interface that doesn't allow the method is forbidden.
 */
final class OcfResource extends CoapResource {
  /** application/vnd.ocf+cbor. */
  static final int OCF_CBOR = 10000;

  static final ObjectMapper CBOR =
      CBORMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final OcfContent content;

  /** What a method does with a request that passed the checks. */
  private interface Method {
    ResponseCode run(OcfQuery query) throws Refusal;
  }

  OcfResource(String name, OcfContent content, boolean observable) {
    super(name);
    this.content = content;
    setObservable(observable);
  }

  @Override
  public void handleGET(CoapExchange exchange) {
    answer(exchange, query -> ResponseCode.CONTENT);
  }

  @Override
  public void handlePOST(CoapExchange exchange) {
    answer(exchange, query -> update(exchange, query));
  }

  @Override
  public void handlePUT(CoapExchange exchange) {
    answer(exchange, query -> update(exchange, query));
  }

  private ResponseCode update(CoapExchange exchange, OcfQuery query) throws Refusal {
    if (!query.via().writes()) {
      throw new Refusal(
          ResponseCode.FORBIDDEN, "interface \"" + query.via().text() + "\" is for reading");
    }
    if (!content.writable()) {
      throw new Refusal(ResponseCode.METHOD_NOT_ALLOWED, getURI() + " can't be changed");
    }
    content.update(body(exchange));
    changed();
    return ResponseCode.CHANGED;
  }

  private void answer(CoapExchange exchange, Method method) {
    Response response;
    try {
      OptionSet options = exchange.getRequestOptions();
      checkFormats(options, exchange.getRequestPayloadSize() > 0);
      OcfQuery query = OcfQuery.read(options.getUriQuery(), content.interfaces());
      ResponseCode code = method.run(query);
      response = new Response(code);
      response.setPayload(CBOR.writeValueAsBytes(content.read(query)));
      response.getOptions().setContentFormat(OCF_CBOR);
      OcfVersionOptions.write(
          response.getOptions(), OcfVersionOptions.CONTENT_VERSION, OcfVersionOptions.OCF_1_0_0);
    } catch (Refusal refusal) {
      response = new Response(refusal.code());
      response.setPayload(refusal.getMessage());
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a representation that is no CBOR", e);
    }
    exchange.respond(response);
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

  private static JsonNode body(CoapExchange exchange) throws Refusal {
    try {
      JsonNode body = CBOR.readTree(exchange.getRequestPayload());
      if (body.isObject()) {
        return body;
      }
    } catch (IOException e) {
      // told below: the parser's words speak of its own source code
    }
    throw new Refusal(ResponseCode.BAD_REQUEST, "the body is not a CBOR map");
  }
}
