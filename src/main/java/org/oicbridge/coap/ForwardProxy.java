package org.oicbridge.coap;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.oicbridge.bus.Caller;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/**
 * The gateway as a forward proxy (RFC 7252 section 5.7.2), to devices alone, whose identifier
 * stands for the host. No name is looked up and no address is taken, so nothing is ever sent to
 * where a client says.
 *
 * <p>What is asked of the proxy becomes a request under {@code /devices/{di}} before Californium
 * looks at it, since that tells the blocks of two transfers apart by their path alone. From then on
 * a Proxy-Uri says that the request is refused, and a Proxy-Scheme that it is one for a device.
 */
final class ForwardProxy extends MessageInterceptorAdapter {
  private static final Set<String> SCHEMES = Set.of("ocf", "oic", "coap");
  private static final Pattern ABSOLUTE =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^#]*)(?:#.*)?", Pattern.DOTALL);

  private final DeviceId gatewayId;

  ForwardProxy(DeviceId gatewayId) {
    this.gatewayId = gatewayId;
  }

  /** True when the request is for a proxy, whatever becomes of it. */
  static boolean asked(OptionSet options) {
    return options.hasProxyUri() || options.hasProxyScheme();
  }

  @Override
  public void receiveRequest(Request request) {
    OptionSet options = request.getOptions();
    if (request.isCanceled() || !asked(options)) {
      return;
    }
    String uri = options.hasProxyUri() ? options.getProxyUri() : origin(options);
    try {
      DeviceId device = device(uri);
      if (options.hasProxyUri()) {
        // All of Uri-Host to Uri-Query count for nothing beside it (RFC 7252 section 5.10.2).
        ResourcePath path = path(uri);
        rewrite(options, path.segments(), path.query());
        options.removeProxyUri();
      }
      mark(options, device);
    } catch (RequestFailed e) {
      options.removeProxyScheme();
      options.setProxyUri(uri);
    }
  }

  /** The scheme and host that the other form names; its path and query are options already. */
  private static String origin(OptionSet options) {
    String host = options.hasUriHost() ? options.getUriHost() : "";
    String port = options.hasUriPort() ? ":" + options.getUriPort() : "";
    return options.getProxyScheme() + "://" + host + port;
  }

  private void mark(OptionSet options, DeviceId device) {
    if (device.equals(gatewayId)) {
      // A proxy that is asked for something of its own (RFC 7252 section 5.7.2).
      options.removeProxyScheme();
      return;
    }
    List<String> segments = new ArrayList<>(List.of(OwnMessage.DEVICES, device.text()));
    segments.addAll(options.getUriPath());
    rewrite(options, segments, List.copyOf(options.getUriQuery()));
    options.setProxyScheme("ocf");
  }

  private static void rewrite(OptionSet options, List<String> segments, List<String> query) {
    options.clearUriPath();
    segments.forEach(options::addUriPath);
    options.clearUriQuery();
    query.forEach(options::addUriQuery);
  }

  private static DeviceId device(String uri) throws RequestFailed {
    Matcher parts = ABSOLUTE.matcher(uri);
    String authority = parts.matches() ? parts.group(2) : "";
    // Some clients write the default port down.
    String host = authority.endsWith(":5683") ? authority.replace(":5683", "") : authority;
    try {
      if (supported(uri)) {
        return new DeviceId(host);
      }
    } catch (IllegalArgumentException e) {
      // No identifier, so certainly no device.
    }
    throw foreign();
  }

  private static boolean supported(String uri) {
    int colon = uri.indexOf(':');
    return colon > 0 && SCHEMES.contains(uri.substring(0, colon).toLowerCase(Locale.ROOT));
  }

  private static ResourcePath path(String uri) throws RequestFailed {
    Matcher parts = ABSOLUTE.matcher(uri);
    try {
      return ResourcePath.parse(parts.matches() ? parts.group(3) : "");
    } catch (IllegalArgumentException e) {
      throw new RequestFailed(Status.BAD_REQUEST, "invalid-path", e.getMessage());
    }
  }

  private static RequestFailed foreign() {
    return new RequestFailed(
        Status.FORBIDDEN, "proxy-target", "a proxy only to devices of the caller's account");
  }

  /** What a request that is refused is answered, null when it is none of those. */
  static Response refusal(OptionSet options, Caller caller) {
    if (!options.hasProxyUri()) {
      return null;
    }
    String uri = options.getProxyUri();
    if (!supported(uri)) {
      return new Response(ResponseCode.PROXY_NOT_SUPPORTED);
    }
    try {
      if (caller.stranger()) {
        throw new RequestFailed(
            Status.UNAUTHORIZED, "identity-required", "a proxy for known identities only");
      }
      device(uri);
      path(uri);
      throw foreign();
    } catch (RequestFailed e) {
      return OwnAnswer.of(e);
    }
  }

  /** Who asked the proxy for a device that there is not has asked for somewhere else. */
  static CrudnResponse answer(OptionSet options, CrudnResponse answer) {
    boolean unknown = answer.problem() != null && answer.problem().type().equals("device-unknown");
    return options.hasProxyScheme() && unknown ? foreign().response() : answer;
  }
}
