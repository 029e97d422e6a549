package org.oicbridge.sandbox;

import java.util.OptionalInt;
import org.oicbridge.xmpp.Element;

/** The elements of stream management (XEP-0198), and what stands in their attributes. */
final class SmElements {
  private static final String NAMESPACE = StreamManagement.NAMESPACE;

  private SmElements() {}

  /** What says that stream management may be enabled, or a session resumed. */
  static Element feature() {
    return Element.named("sm", NAMESPACE).build();
  }

  /**
   * Stream management is enabled.
   *
   * @param id null when the session can't be resumed
   */
  static Element enabled(String id, int max) {
    Element.Builder enabled = Element.named("enabled", NAMESPACE);
    if (id != null) {
      enabled.attribute("id", id).attribute("resume", "true");
      enabled.attribute("max", Integer.toString(max));
    }
    return enabled.build();
  }

  static Element answer(int h) {
    return Element.named("a", NAMESPACE).attribute("h", Integer.toUnsignedString(h)).build();
  }

  static Element resumed(String id, int h) {
    return Element.named("resumed", NAMESPACE)
        .attribute("previd", id)
        .attribute("h", Integer.toUnsignedString(h))
        .build();
  }

  static Element failed(String condition) {
    return failed(condition, OptionalInt.empty());
  }

  /** There is no such session; how many stanzas it handled, if that is still known. */
  static Element notFound(OptionalInt h) {
    return failed("item-not-found", h);
  }

  private static Element failed(String condition, OptionalInt h) {
    return Element.named("failed", NAMESPACE)
        .attribute("h", h.isPresent() ? Integer.toUnsignedString(h.getAsInt()) : null)
        .child(condition, StanzaError.NAMESPACE)
        .build();
  }

  /** The stream error for an acknowledgement of more than was sent (section 6). */
  static Element tooHigh(int h, int sentCount) {
    return Element.named("error", Element.STREAMS)
        .child("undefined-condition", ServerStream.ERRORS)
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

  /** A client's wish, which is only a wish: one that says nothing is none. */
  static int seconds(String value, int otherwise) {
    try {
      int seconds = value == null ? 0 : Integer.parseInt(value.strip());
      return seconds > 0 ? seconds : otherwise;
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
