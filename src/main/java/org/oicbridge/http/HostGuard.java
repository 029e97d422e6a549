package org.oicbridge.http;

import io.netty.util.NetUtil;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.oicbridge.config.HttpConfig;

/**
 * Refuses requests whose Host header names another site (RFC 9110 section 15.5.20). A page of a
 * foreign site whose name was made to resolve to this address thereby gets no answers.
 */
final class HostGuard implements Handler<RoutingContext> {
  private static final Pattern HOST =
      Pattern.compile("(?:\\[([0-9a-f.]*:[0-9a-f:.]*)]|([a-z0-9._-]+))(?::([0-9]{1,5}))?");

  private final Set<String> names = new HashSet<>();
  private final String boundHost;

  HostGuard(HttpConfig config) {
    config.hostNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    boundHost = config.host().toLowerCase(Locale.ROOT);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
    if (hosts.size() != 1) {
      throw new Refusal(
          400, "invalid-host", "there are " + hosts.size() + " Host headers, expected one");
    }
    if (!accepts(
        hosts.get(0), request.localAddress().hostAddress(), request.localAddress().port())) {
      throw new Refusal(
          421, "foreign-host", "the Host header names another host; http.hostNames lists more");
    }
    context.next();
  }

  /**
   * Whether a Host header names this gateway.
   *
   * @param header its value
   * @param localAddress the address of this end of the connection
   * @param localPort the port of this end of the connection
   */
  boolean accepts(String header, String localAddress, int localPort) {
    String value = header.toLowerCase(Locale.ROOT);
    Matcher matcher = HOST.matcher(value);
    if (!matcher.matches()) {
      return false;
    }
    String literal = matcher.group(1);
    String name = literal == null ? matcher.group(2) : literal;
    // Behind a proxy the port of a configured name is the proxy's; an entry may pin it.
    if (names.contains(value) || names.contains(name)) {
      return true;
    }
    String port = matcher.group(3);
    if (port != null && Integer.parseInt(port) != localPort) {
      return false;
    }
    byte[] local = NetUtil.createByteArrayFromIpAddressString(localAddress);
    byte[] asked =
        literal != null || NetUtil.isValidIpV4Address(name)
            ? NetUtil.createByteArrayFromIpAddressString(name)
            : null;
    if (asked != null) {
      return Arrays.equals(asked, local) || (isLoopback(asked) && isLoopback(local));
    }
    return name.equals(boundHost) || (name.equals("localhost") && isLoopback(local));
  }

  private static boolean isLoopback(byte[] address) {
    try {
      return address != null && InetAddress.getByAddress(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
