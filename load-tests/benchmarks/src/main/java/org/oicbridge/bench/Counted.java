package org.oicbridge.bench;

import java.util.BitSet;

/** Checks that answers are the device's, and that none comes twice. Used from one thread. */
final class Counted {
  private final BitSet seen = new BitSet();

  /** What is wrong with an answer, or null. */
  String fault(int status, String body) {
    if (status != 200
        || !body.startsWith(DeviceChild.BEFORE)
        || !body.endsWith(DeviceChild.AFTER)) {
      return "answered " + status + " " + body;
    }
    int number =
        Integer.parseInt(
            body, DeviceChild.BEFORE.length(), body.length() - DeviceChild.AFTER.length(), 10);
    if (seen.get(number)) {
      return "answered " + number + " twice";
    }
    seen.set(number);
    return null;
  }
}
