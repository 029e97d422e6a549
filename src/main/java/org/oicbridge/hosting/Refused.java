package org.oicbridge.hosting;

import org.oicbridge.bus.AccountOutcome;
import org.oicbridge.bus.DeviceOutcome;
import org.oicbridge.bus.PublishOutcome;
import org.oicbridge.crudn.Status;

/** Why a change is not made; nothing has changed then. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status status;
  private final String type;

  Refused(Status status, String type, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.type = type;
  }

  /** A value that is not one of its kind. */
  static Refused value(String field, String is, String expected) {
    return new Refused(
        Status.BAD_REQUEST, "invalid-value", field + " is " + is + ", expected " + expected);
  }

  /** What a failed change failed with; a defect stays one. */
  static Refused of(Throwable error) {
    if (error instanceof Refused refused) {
      return refused;
    }
    throw error instanceof RuntimeException defect ? defect : new IllegalStateException(error);
  }

  /** The stable name of the kind. */
  String type() {
    return type;
  }

  AccountOutcome account() {
    return AccountOutcome.refused(status, type, getMessage());
  }

  DeviceOutcome device() {
    return DeviceOutcome.refused(status, type, getMessage());
  }

  PublishOutcome publication() {
    return PublishOutcome.refused(status, type, getMessage());
  }
}
