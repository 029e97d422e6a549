package org.oicbridge.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;

/**
 * What another bare JID may do with the devices of an account. The account's own bare JID may do
 * everything; whoever has no rule may do nothing (OIC Remote Access section 7.3: the roster is not
 * the decision point).
 *
 * @param jid the bare JID
 * @param devices the devices it may reach, empty for all
 * @param operations what it may do with them
 */
public record AccessConfig(Jid jid, Set<DeviceId> devices, Set<Operation> operations) {
  public AccessConfig {
    devices = Set.copyOf(devices);
    operations = Set.copyOf(operations);
  }

  static AccessConfig read(Section section) {
    Jid jid = section.required("jid", AccountConfig::bareJid);
    List<DeviceId> devices = new ArrayList<>();
    for (String text : section.texts("devices")) {
      try {
        devices.add(new DeviceId(text));
      } catch (IllegalArgumentException e) {
        section.mistake("devices", "is wrong: " + e.getMessage());
      }
    }
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    for (String text : section.texts("operations")) {
      try {
        operations.add(Operation.valueOf(text.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        section.mistake(
            "operations", "has \"" + text + "\", expected create, retrieve, update or delete");
      }
    }
    if (operations.isEmpty()) {
      operations.add(Operation.RETRIEVE);
    }
    return new AccessConfig(jid, Set.copyOf(devices), operations);
  }
}
