package org.oicbridge.http;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.SocketFactory;

/** Sends requests byte by byte as given, which no decent client would do. */
final class RawHttp {
  private static final int GUARD_MILLIS = 20_000;

  private RawHttp() {}

  /** A response; header names compare without case. */
  record Reply(int status, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.get(name);
    }

    JsonObject json() {
      return new JsonObject(body);
    }

    /** The last part of a problem's type. */
    String problem() {
      return header("Content-Type").equals("application/problem+json")
          ? json().getString("type").replace("urn:oic-bridge:problem:", "")
          : null;
    }

    String detail() {
      return json().getString("detail");
    }
  }

  static Socket connect(int port) {
    return connect(SocketFactory.getDefault(), port);
  }

  static Socket connect(SocketFactory factory, int port) {
    try {
      Socket socket = factory.createSocket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(GUARD_MILLIS);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request with a right Host header that ends its connection. */
  static Reply request(int port, String method, String target, String body, String... headers) {
    return send(port, text(port, method, target, body, headers));
  }

  static Reply get(int port, String target, String... headers) {
    return request(port, "GET", target, "", headers);
  }

  static String text(int port, String method, String target, String body, String... headers) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder();
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    if (List.of(headers).stream().noneMatch(h -> h.regionMatches(true, 0, "Host:", 0, 5))) {
      text.append("Host: 127.0.0.1:").append(port).append("\r\n");
    }
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    if (bytes.length > 0) {
      text.append("Content-Length: ").append(bytes.length).append("\r\n");
    }
    return text.append("Connection: close\r\n\r\n").append(body).toString();
  }

  /** Sends bytes and reads until the server ends the connection. */
  static Reply send(int port, String text) {
    return send(connect(port), text);
  }

  static Reply send(Socket connected, String text) {
    try (Socket socket = connected) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return read(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Reply read(Socket socket) throws IOException {
    return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static Reply parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    List<String> lines = text.substring(0, end).lines().toList();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new Reply(
        Integer.parseInt(lines.get(0).substring(9, 12)), headers, text.substring(end + 4));
  }
}
