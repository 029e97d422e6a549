package org.oicbridge.xmpp;

/**
 * Writes character data and attribute values. What XML 1.0 has no way to write (section 2.2)
 * becomes U+FFFD, since one such character would end the stream.
 */
final class XmlText {
  private static final String REPLACEMENT = "\uFFFD";

  private XmlText() {}

  static void attribute(StringBuilder out, String name, String value) {
    out.append(' ').append(name).append("='");
    write(out, value, true);
    out.append('\'');
  }

  static void text(StringBuilder out, String value) {
    write(out, value, false);
  }

  private static void write(StringBuilder out, String value, boolean attribute) {
    int from = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      // What needs no care is by far the most, all of base64 for one, and goes over in runs.
      if (c > '>' && c < Character.MIN_SURROGATE) {
        continue;
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < value.length()
          && Character.isLowSurrogate(value.charAt(i + 1))) {
        i++;
        continue;
      }
      String escaped = escape(c, attribute);
      if (escaped != null) {
        out.append(value, from, i).append(escaped);
        from = i + 1;
      }
    }
    out.append(value, from, value.length());
  }

  /** What to write in the place of a character, or null for the character itself. */
  private static String escape(char c, boolean attribute) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '\'' -> attribute ? "&apos;" : null;
      // Written as they are, they would be read as blanks in an attribute (XML 1.0 section 3.3.3).
      case '\t' -> attribute ? "&#9;" : null;
      case '\n' -> attribute ? "&#10;" : null;
      // Line ends are normalised on reading (XML 1.0 section 2.11), references are not.
      case '\r' -> "&#13;";
      default -> allowed(c) ? null : REPLACEMENT;
    };
  }

  /** For a character that is no half of a surrogate pair. */
  private static boolean allowed(char c) {
    return c >= ' ' && !Character.isSurrogate(c) && c < '\uFFFE';
  }
}
