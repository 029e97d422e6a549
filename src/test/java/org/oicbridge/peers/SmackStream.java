package org.oicbridge.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jivesoftware.smackx.bytestreams.BytestreamSession;

/** One in-band bytestream at Smack's end: raw bytes out and in, without knowledge of CRUDN. */
public final class SmackStream implements AutoCloseable {
  private static final String END = "</rest>";
  private static final int BUFFER = 65_536;

  private final String sid;
  private final BytestreamSession session;

  SmackStream(String sid, BytestreamSession session) {
    this.sid = sid;
    this.session = session;
  }

  /** Session id, for raw stanzas on this stream. */
  public String sid() {
    return sid;
  }

  /** Sends the bytes in as few blocks as the block size allows. */
  public void write(byte[] bytes) {
    try {
      session.getOutputStream().write(bytes);
      session.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void write(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Gives exactly so many bytes.
   *
   * @throws UncheckedIOException over a {@link SocketTimeoutException} when no block came for the
   *     time, over an {@link java.io.EOFException} when the peer closed before
   */
  public byte[] read(int count, Duration time) {
    try {
      InputStream input = input(time);
      byte[] bytes = input.readNBytes(count);
      if (bytes.length < count) {
        throw new java.io.EOFException("closed after " + bytes.length + " of " + count + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Gives the next {@code <rest>} document, up to its end tag; for a peer that does not send the
   * next one before it got its answer. Null when the peer closed the stream before the first byte.
   */
  public String readDocument(Duration time) {
    try {
      InputStream input = input(time);
      ByteArrayOutputStream document = new ByteArrayOutputStream();
      byte[] block = new byte[BUFFER];
      while (!document.toString(StandardCharsets.UTF_8).stripTrailing().endsWith(END)) {
        int count = input.read(block);
        if (count < 0) {
          return document.size() == 0 ? null : document.toString(StandardCharsets.UTF_8);
        }
        document.write(block, 0, count);
      }
      return document.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InputStream input(Duration time) throws IOException {
    session.setReadTimeout(Math.toIntExact(time.toMillis()));
    return session.getInputStream();
  }
}
