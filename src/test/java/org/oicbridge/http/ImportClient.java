package org.oicbridge.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** Sends an import in chunks and reads the lines of its answer while it sends. */
public final class ImportClient implements AutoCloseable {
  final Socket socket;
  private final InputStream in;
  private int chunk;

  /** Opens an import; nothing of the body is sent. */
  public ImportClient(int port, String... headers) throws IOException {
    socket = RawHttp.connect(port);
    in = new BufferedInputStream(socket.getInputStream());
    String text =
        RawHttp.text(port, "POST", "/api/v1/devices", "", headers)
            .replace(
                "Connection: close\r\n",
                "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n");
    socket.getOutputStream().write(text.getBytes(UTF_8));
  }

  /** A line that registers a device. */
  static String line(String di) {
    return "{\"di\":\""
        + di
        + "\",\"account\":\"alice@example.org\",\"endpoint\":\"coap://192.0.2.7\"}\n";
  }

  public void send(String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
    out.writeBytes(bytes);
    out.writeBytes("\r\n".getBytes(UTF_8));
    socket.getOutputStream().write(out.toByteArray());
  }

  public void end() throws IOException {
    socket.getOutputStream().write("0\r\n\r\n".getBytes(UTF_8));
  }

  /** The head of the answer. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) require(in.read()));
    }
    return head.toString();
  }

  /** The next line of the answer, or null at its end. */
  public JsonObject result() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      if (chunk == 0) {
        chunk = Integer.parseInt(crlf(), 16);
        if (chunk == 0) {
          crlf();
          return null;
        }
      }
      int next = require(in.read());
      if (--chunk == 0) {
        crlf();
      }
      if (next == '\n') {
        return new JsonObject(line.toString(UTF_8));
      }
      line.write(next);
    }
  }

  private String crlf() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = require(in.read()); c != '\n'; c = require(in.read())) {
      text.append((char) c);
    }
    return text.toString().strip();
  }

  /** True when the server has ended the connection. */
  boolean closed() throws IOException {
    return in.read() < 0;
  }

  private static int require(int read) throws EOFException {
    if (read < 0) {
      throw new EOFException("the connection ended");
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
