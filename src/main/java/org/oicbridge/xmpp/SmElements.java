package org.oicbridge.xmpp;

import java.util.OptionalInt;

/** The elements of stream management (XEP-0198). Its counts wrap at 2^32, as ints do here. */
final class SmElements {
  static final String NAMESPACE = "urn:xmpp:sm:3";

  private SmElements() {}

  /** True when a server that sent these features can manage a stream. */
  static boolean offered(Element features) {
    return features.child("sm", NAMESPACE) != null;
  }

  static Element enable() {
    return Element.named("enable", NAMESPACE).attribute("resume", "true").build();
  }

  /** What asks the other side for its count. */
  static Element request() {
    return Element.named("r", NAMESPACE).build();
  }

  /** How many stanzas we have handled. */
  static Element answer(int h) {
    return Element.named("a", NAMESPACE).attribute("h", Integer.toUnsignedString(h)).build();
  }

  static Element resume(String id, int h) {
    return Element.named("resume", NAMESPACE)
        .attribute("previd", id)
        .attribute("h", Integer.toUnsignedString(h))
        .build();
  }

  /** The stream error for an acknowledgement of more than was sent (section 6). */
  static Element tooHigh(int h, int sentCount) {
    return Element.named("error", Element.STREAMS)
        .child("undefined-condition", Conditions.STREAMS)
        .child(
            Element.named("handled-count-too-high", NAMESPACE)
                .attribute("h", Integer.toUnsignedString(h))
                .attribute("send-count", Integer.toUnsignedString(sentCount))
                .build())
        .build();
  }

  /** The count that an element carries, empty when it has none that is one. */
  static OptionalInt count(Element element) {
    String h = element.attribute("h");
    try {
      return h == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseUnsignedInt(h.strip()));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** The value of an {@code xs:boolean}. */
  static boolean isTrue(String value) {
    return value != null && (value.strip().equals("true") || value.strip().equals("1"));
  }
}
