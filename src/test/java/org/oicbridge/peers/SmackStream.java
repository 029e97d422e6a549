package org.oicbridge.peers;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
   *     time, over an {@link EOFException} when the peer closed before
   */
  public byte[] read(int count, Duration time) {
    try {
      long deadline = System.nanoTime() + time.toNanos();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      while (bytes.size() < count) {
        byte[] block = new byte[count - bytes.size()];
        int length = read(block, deadline);
        if (length < 0) {
          throw new EOFException("closed after " + bytes.size() + " of " + count + " bytes");
        }
        bytes.write(block, 0, length);
      }
      return bytes.toByteArray();
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
      long deadline = System.nanoTime() + time.toNanos();
      ByteArrayOutputStream document = new ByteArrayOutputStream();
      byte[] block = new byte[BUFFER];
      while (!document.toString(StandardCharsets.UTF_8).stripTrailing().endsWith(END)) {
        int count = read(block, deadline);
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

  /**
   * Reads what there is, or nothing after the peer closed the stream. Smack notices a close only in
   * reads without a timeout of their own, so the time is kept here.
   */
  private int read(byte[] block, long deadline) throws IOException {
    session.setReadTimeout(0);
    InputStream input = session.getInputStream();
    FutureTask<Integer> reading = new FutureTask<>(() -> input.read(block));
    Thread reader = new Thread(reading, "smack-stream-reader");
    reader.setDaemon(true);
    reader.start();
    try {
      return reading.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      reader.interrupt();
      throw new SocketTimeoutException("nothing came on " + sid);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
