package org.oicbridge.coap;

import java.util.List;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;

/** How a device wants to be spoken to; which of them it is, {@link EraDetector} finds out. */
enum Era {
  /** OCF 1.0 and later: {@code application/vnd.ocf+cbor} and version options. */
  OCF(ContentFormat.OCF_CBOR),
  /** OIC 1.0 and 1.1: {@code application/cbor}. */
  LEGACY(ContentFormat.CBOR),
  /** An OIC device that knows only {@code application/json}. */
  JSON(ContentFormat.JSON),
  /** CoAP without {@code /oic/res}: no Accept, bodies in what the device itself sends. */
  PLAIN(ContentFormat.NONE);

  private final int format;

  Era(int format) {
    this.format = format;
  }

  /** A GET of a core resource in this dialect. */
  Request get(List<String> base, String... path) {
    Request request = new Request(Code.GET);
    base.forEach(request.getOptions()::addUriPath);
    List.of(path).forEach(request.getOptions()::addUriPath);
    if (this != PLAIN) {
      request.getOptions().setAccept(format);
    }
    if (this == OCF) {
      request.getOptions().addOption(OcfOption.ACCEPT_VERSION.create(OcfOption.VERSION_1_0_0));
    }
    return request;
  }

  /** The Accept of requests and the Content-Format of bodies, NONE when it is not fixed. */
  int format() {
    return format;
  }
}
