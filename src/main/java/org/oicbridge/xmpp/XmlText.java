package org.oicbridge.xmpp;

/**
 * Writes character data and attribute values. What XML 1.0 has no way to write (section 2.2)
 * becomes U+FFFD, since one such character would end the stream.
 */
final class XmlText {
  private static final char REPLACEMENT = '\uFFFD';

  private XmlText() {}

  static void attribute(StringBuilder out, String name, String value) {
    out.append(' ').append(name).append("='");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\'' -> out.append("&apos;");
        // Written as they are, these three would be read as blanks (XML 1.0 section 3.3.3).
        case '\t', '\n', '\r' -> out.append("&#").append((int) c).append(';');
        default -> i += character(out, value, i, c);
      }
    }
    out.append('\'');
  }

  static void text(StringBuilder out, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      i += c == '\r' ? reference(out) : character(out, value, i, c);
    }
  }

  private static int reference(StringBuilder out) {
    // Line ends are normalised on reading (XML 1.0 section 2.11), references are not.
    out.append("&#13;");
    return 0;
  }

  /** Returns how many chars behind the given one belong to the same character. */
  private static int character(StringBuilder out, String value, int at, char c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '\t', '\n' -> out.append(c);
      default -> {
        if (Character.isHighSurrogate(c)
            && at + 1 < value.length()
            && Character.isLowSurrogate(value.charAt(at + 1))) {
          out.append(c).append(value.charAt(at + 1));
          return 1;
        }
        boolean legal = c >= ' ' && c < '\uFFFE' && !Character.isSurrogate(c);
        out.append(legal ? c : REPLACEMENT);
      }
    }
    return 0;
  }
}
