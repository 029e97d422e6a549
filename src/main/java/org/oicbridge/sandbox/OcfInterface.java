package org.oicbridge.sandbox;

import java.util.Optional;

/** The OCF interfaces that the simulated devices have, and what each lets a client do. */
enum OcfInterface {
  BASELINE("oic.if.baseline", true),
  LINKS("oic.if.ll", false),
  READ("oic.if.r", false),
  SENSOR("oic.if.s", false),
  ACTUATOR("oic.if.a", true);

  private final String text;
  private final boolean writes;

  OcfInterface(String text, boolean writes) {
    this.text = text;
    this.writes = writes;
  }

  /** The value of the {@code if} query and property. */
  String text() {
    return text;
  }

  /** True when it allows more than GET. */
  boolean writes() {
    return writes;
  }

  static Optional<OcfInterface> named(String text) {
    for (OcfInterface one : values()) {
      if (one.text.equals(text)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
