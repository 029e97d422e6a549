package org.oicbridge.bus;

import java.util.Set;
import org.oicbridge.crudn.DeviceId;

/**
 * Withdraws links, or a whole device, from the resource directory.
 *
 * @param caller who withdraws; must be who published
 * @param di the device; null for whichever device of the caller has the links
 * @param ins the numbers of the links, as text; empty for the whole device
 */
public record Unpublish(Caller caller, DeviceId di, Set<String> ins) {
  public Unpublish {
    ins = Set.copyOf(ins);
  }
}
