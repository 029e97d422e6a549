package org.oicbridge.coap;

/** Writes JSON strings that may also stand in XML 1.0 character data. */
final class JsonText {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonText() {}

  /** Appends a string in quotes. */
  static void quote(StringBuilder out, CharSequence text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c >= '\uFFFE') {
        // XML 1.0 section 2.2 has no way to write U+FFFE, U+FFFF and most control characters.
        escape(out, c);
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /** The text in quotes. */
  static String quoted(CharSequence text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    quote(out, text);
    return out.toString();
  }

  /** Valid JSON text in which U+FFFE and U+FFFF, which only strings can hold, are escaped. */
  static String forXml(String json) {
    StringBuilder out = null;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c >= '\uFFFE' && out == null) {
        out = new StringBuilder(json.length() + 16).append(json, 0, i);
      }
      if (c >= '\uFFFE') {
        escape(out, c);
      } else if (out != null) {
        out.append(c);
      }
    }
    return out == null ? json : out.toString();
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX[c >> shift & 15]);
    }
  }
}
