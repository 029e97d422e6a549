package org.oicbridge.bus;

import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.Status;

/**
 * What became of a change to a device.
 *
 * @param status how it ended
 * @param device the device as it is now, or null when there is none
 * @param problem why it was refused, or null
 */
public record DeviceOutcome(Status status, DeviceView device, Problem problem) {
  public static DeviceOutcome done(Status status, DeviceView device) {
    return new DeviceOutcome(status, device, null);
  }

  public static DeviceOutcome refused(Status status, String type, String detail) {
    return new DeviceOutcome(status, null, Problem.of(status, type, detail));
  }
}
