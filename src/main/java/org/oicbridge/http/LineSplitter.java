package org.oicbridge.http;

import io.vertx.core.buffer.Buffer;

/** Cuts what arrives into lines, of which none may be too long. */
final class LineSplitter {
  private final int maxLine;
  private Buffer input = Buffer.buffer();
  private int position;
  private Buffer line = Buffer.buffer();
  private boolean overlong;
  private boolean ended;
  private long number;

  /**
   * One line.
   *
   * @param number its number, from 1
   * @param bytes what stands in it, without its end; null when that was too long
   */
  record Line(long number, Buffer bytes) {}

  /**
   * Begins.
   *
   * @param maxLine the most bytes of a line, without its end
   */
  LineSplitter(int maxLine) {
    this.maxLine = maxLine;
  }

  /** Takes more input. */
  void feed(Buffer more) {
    if (position > 0) {
      input = Buffer.buffer().appendBuffer(input, position, input.length() - position);
    }
    input.appendBuffer(more);
    position = 0;
  }

  /** Says that no more input comes. */
  void end() {
    ended = true;
  }

  /** The next line that is complete, or null when there is none yet. */
  Line next() {
    int end = position;
    while (end < input.length() && input.getByte(end) != '\n') {
      end++;
    }
    boolean complete = end < input.length();
    keep(end);
    position = complete ? end + 1 : end;
    if (complete || (ended && (overlong || line.length() > 0))) {
      return take();
    }
    return null;
  }

  /** What is too long is not kept, however much of it comes. */
  private void keep(int end) {
    if (!overlong && line.length() + end - position > maxLine) {
      overlong = true;
      line = Buffer.buffer();
    }
    if (!overlong) {
      line.appendBuffer(input, position, end - position);
    }
  }

  private Line take() {
    number++;
    Line taken = new Line(number, overlong ? null : line);
    overlong = false;
    line = Buffer.buffer();
    return taken;
  }
}
