package org.oicbridge.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Hands a record to its receiver by reference. All traffic of an account stays in one process, so
 * nothing has a wire form; an attempt to send one elsewhere is a defect and says so.
 */
final class ReferenceCodec implements MessageCodec<Object, Object> {
  static final String NAME = "oicbridge.reference";

  @Override
  public Object transform(Object body) {
    return body;
  }

  @Override
  public void encodeToWire(Buffer buffer, Object body) {
    throw new IllegalStateException(body.getClass().getName() + " does not leave the process");
  }

  @Override
  public Object decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException("nothing is received from other processes");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
