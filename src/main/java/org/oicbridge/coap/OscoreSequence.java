package org.oicbridge.coap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The sequence numbers of everything that is sent with a partial IV of its own. None may ever come
 * twice under one key (RFC 8613 section 7.2.1), so a file holds a number that is greater than all
 * that were used (appendix B.1.1); a new start goes on from there. All security contexts share one
 * sequence.
 *
 * <p>It begins with the milliseconds since 2026: should the file be lost, the clock keeps numbers
 * from coming twice, as long as it is right.
 */
final class OscoreSequence {
  static final long EPOCH = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

  /** Section 7.2.1: five bytes, and then the keys are used up. */
  static final long END = 1L << 40;

  /** So many are used before the file is written again. */
  static final long RESERVE = 1 << 16;

  private final Path file;
  private long next;
  private long reserved;

  private OscoreSequence(Path file, long next) {
    this.file = file;
    this.next = next;
    this.reserved = file == null ? END : next;
  }

  /**
   * Goes on where the file says, or where the clock is if that is later; blocks.
   *
   * @param file null to trust the clock alone
   * @param millis the clock, {@link System#currentTimeMillis()}
   * @throws IOException when the file can't be read or written, or no number is certainly unused
   */
  static OscoreSequence open(Path file, LongSupplier millis) throws IOException {
    long clock = millis.getAsLong() - EPOCH;
    long stored = file != null && Files.exists(file) ? read(file) : -1;
    if (clock < 0 && stored < 0) {
      throw new IOException("OSCORE needs a clock that is right; this one is before 2026");
    }
    OscoreSequence sequence = new OscoreSequence(file, Math.max(clock, stored));
    sequence.reserve();
    return sequence;
  }

  private static long read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (!text.matches("[0-9]{1,13}")) {
      // Going on from anywhere else could use a number again.
      throw new IOException(file + " holds \"" + text + "\", expected a number");
    }
    return Long.parseLong(text);
  }

  /**
   * A number that was never used.
   *
   * @throws UncheckedIOException when there is none
   */
  long next() {
    try {
      reserve();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return next++;
  }

  private void reserve() throws IOException {
    if (next < reserved && next < END) {
      return;
    }
    long until = Math.min(END, next + RESERVE);
    if (next >= until) {
      throw new IOException("the sequence numbers of OSCORE are used up; it needs new secrets");
    }
    if (file != null) {
      write(until);
    }
    reserved = until;
  }

  /** On the disk before a number is used, and never half. */
  private void write(long until) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer text = StandardCharsets.US_ASCII.encode(until + "\n");
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
