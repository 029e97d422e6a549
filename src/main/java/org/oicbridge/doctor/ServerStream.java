package org.oicbridge.doctor;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.xmpp.Conditions;
import org.oicbridge.xmpp.Element;
import org.oicbridge.xmpp.StanzaReader;

/**
 * A stream that is read by whoever wants the next stanza. Its socket is closed when its time is up,
 * whatever is under way then.
 */
final class ServerStream implements AutoCloseable {
  /** Twice the largest stanza that is ever sent, since it comes back. */
  private static final int MAX_STANZA = 2 << 20;

  private static final int CLOSE_MILLIS = 2000;

  private final Vertx vertx;
  private final Socket plain;
  private final String domain;
  private final long watchdog;
  private final Deque<Element> arrived = new ArrayDeque<>();
  private Socket socket;
  private StanzaReader reader;
  private Element header;
  private StreamEndedException end;

  /** Takes what is read, until the stream is opened anew. */
  private final class Listener implements StanzaReader.Listener {
    @Override
    public void streamOpened(Element opened) {
      header = opened;
    }

    @Override
    public void stanza(Element stanza) {
      if (stanza.is("error", Element.STREAMS)) {
        String condition = Conditions.of(stanza, Conditions.STREAMS);
        ended(condition, "the server ended the stream: " + condition);
      } else {
        arrived.add(stanza);
      }
    }

    @Override
    public void streamClosed() {
      ended(StreamEndedException.CLOSED, "the server closed the stream");
    }

    @Override
    public void failed(String condition, String detail) {
      ended(condition, "the server sent " + detail);
    }
  }

  ServerStream(Vertx vertx, Socket socket, String domain, Deadline life) {
    this.vertx = vertx;
    this.plain = socket;
    this.socket = socket;
    this.domain = domain;
    // The plain socket: closing the TLS one would wait for a write that is stuck.
    this.watchdog = vertx.setTimer(life.remainingMillis(), id -> closeSocket());
  }

  /** Opens the stream, for the first time or anew, and gives the features. */
  Element open(Deadline deadline) throws StreamEndedException {
    if (reader != null) {
      reader.stop();
    }
    reader = new StanzaReader(MAX_STANZA, new Listener());
    arrived.clear();
    send(
        "<?xml version='1.0'?><stream:stream to='"
            + domain
            + "' version='1.0' xml:lang='en' xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams'>");
    Element features = next(deadline);
    if (!features.is("features", Element.STREAMS)) {
      throw new StreamEndedException("bad-format", "the server did not send its stream features");
    }
    return features;
  }

  /** The server's own opening tag. */
  Element header() {
    return header;
  }

  String address() {
    return plain.getInetAddress().getHostAddress() + " port " + plain.getPort();
  }

  /** True when more has arrived than what was asked for. */
  boolean hasUnread() {
    return !arrived.isEmpty();
  }

  void send(Element element) throws StreamEndedException {
    send(element.toXml());
  }

  void send(String xml) throws StreamEndedException {
    try {
      socket.getOutputStream().write(xml.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw lost();
    }
  }

  /** The next child of the stream other than an error. */
  Element next(Deadline deadline) throws StreamEndedException {
    byte[] buffer = new byte[16 * 1024];
    while (arrived.isEmpty()) {
      if (end != null) {
        throw end;
      }
      if (deadline.expired()) {
        throw new StreamEndedException(StreamEndedException.SILENT, "no answer in time");
      }
      int length;
      try {
        socket.setSoTimeout(Math.toIntExact(deadline.remainingMillis()));
        length = socket.getInputStream().read(buffer);
      } catch (SocketTimeoutException e) {
        continue;
      } catch (IOException e) {
        throw lost();
      }
      if (length < 0) {
        throw lost();
      }
      reader.feed(Buffer.buffer(Arrays.copyOf(buffer, length)));
    }
    return arrived.poll();
  }

  /** Puts TLS under the stream. */
  SSLSocket secure(SSLContext context, TlsNames names, Deadline deadline) throws IOException {
    if (reader != null) {
      reader.stop();
    }
    SSLSocket secured =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, names.domain(), plain.getPort(), true);
    names.applyTo(secured);
    secured.setSoTimeout(Math.toIntExact(deadline.remainingMillis()));
    secured.startHandshake();
    socket = secured;
    return secured;
  }

  /** Says good-bye and waits a moment until the server has done so too. */
  @Override
  public void close() {
    try {
      if (end == null) {
        send("</stream:stream>");
        Deadline deadline = Deadline.in(Duration.ofMillis(CLOSE_MILLIS));
        while (end == null) {
          next(deadline);
        }
      }
    } catch (StreamEndedException e) {
      // That is what was waited for.
    } finally {
      vertx.cancelTimer(watchdog);
      closeSocket();
    }
  }

  private StreamEndedException lost() {
    // What the server said before it went is the better reason.
    ended(StreamEndedException.CLOSED, "the connection was closed");
    return end;
  }

  private void ended(String condition, String message) {
    if (end == null) {
      end = new StreamEndedException(condition, message);
    }
  }

  private void closeSocket() {
    try {
      plain.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }
}
