package org.oicbridge.coap;

import java.util.List;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.IntegerOptionDefinition;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;

/**
 * The version options of OCF Core. Both are critical, and every answer of an IoTivity-Lite device
 * has the second: an endpoint that does not know it must drop the answer.
 */
final class OcfOption {
  static final IntegerOptionDefinition ACCEPT_VERSION =
      new IntegerOptionDefinition(2049, "OCF-Accept-Content-Format-Version", true, 0, 2);
  static final IntegerOptionDefinition CONTENT_VERSION =
      new IntegerOptionDefinition(2053, "OCF-Content-Format-Version", true, 0, 2);

  /** Version 1.0.0 in 5 bits of major, 5 of minor and 6 of patch level. */
  static final int VERSION_1_0_0 = 2048;

  static final OptionRegistry REGISTRY =
      new MapBasedOptionRegistry(
          StandardOptionRegistry.STANDARD_OPTIONS, ACCEPT_VERSION, CONTENT_VERSION);

  private OcfOption() {}

  /** The value of one of the two options, or -1 when it is absent. */
  static int version(OptionSet options, IntegerOptionDefinition which) {
    List<Option> found = options.getOthers(which);
    return found.isEmpty() ? -1 : found.get(0).getIntegerValue();
  }
}
