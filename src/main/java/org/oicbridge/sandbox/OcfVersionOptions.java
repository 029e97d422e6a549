package org.oicbridge.sandbox;

import java.util.OptionalLong;
import org.eclipse.californium.core.coap.OptionSet;
import org.eclipse.californium.core.coap.option.IntegerOptionDefinition;
import org.eclipse.californium.core.coap.option.MapBasedOptionRegistry;
import org.eclipse.californium.core.coap.option.OptionDefinition;
import org.eclipse.californium.core.coap.option.OptionRegistry;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;

/** The two options in which OCF devices tell each other the version of their payloads. */
final class OcfVersionOptions {
  /** OCF-Accept-Content-Format-Version. */
  static final int ACCEPT_VERSION = 2049;

  /** OCF-Content-Format-Version. */
  static final int CONTENT_VERSION = 2053;

  /** 1.0.0, written as 5 bits major, 5 bits minor and 6 bits patch. */
  static final int OCF_1_0_0 = 2048;

  private OcfVersionOptions() {}

  /**
   * Makes both options known to Californium, which drops messages with critical options that it
   * doesn't know. Endpoints keep the registry they were built with, so this comes first. Whoever
   * else registered them already is left alone.
   */
  static void register() {
    know(new IntegerOptionDefinition(ACCEPT_VERSION, "OCF-Accept-Version", true, 0, 2));
    know(new IntegerOptionDefinition(CONTENT_VERSION, "OCF-Content-Version", true, 0, 2));
  }

  private static void know(OptionDefinition definition) {
    OptionRegistry known = StandardOptionRegistry.getDefaultOptionRegistry();
    // Not asked by number: the standard registry makes up a definition for any number.
    for (OptionRegistry.Entry entry : known) {
      if (entry.getOptioneDefinition().getNumber() == definition.getNumber()) {
        return;
      }
    }
    StandardOptionRegistry.setDefaultOptionRegistry(new MapBasedOptionRegistry(known, definition));
  }

  static OptionalLong read(OptionSet options, int number) {
    return options.getOthers().stream()
        .filter(option -> option.getNumber() == number)
        .mapToLong(option -> IntegerOptionDefinition.getLongValue(option.getValue()))
        .findFirst();
  }

  static void write(OptionSet options, int number, int version) {
    options.addOtherOption(
        StandardOptionRegistry.getDefaultOptionRegistry()
            .getDefinitionByNumber(number)
            .create(version));
  }
}
