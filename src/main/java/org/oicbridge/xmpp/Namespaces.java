package org.oicbridge.xmpp;

import javax.xml.stream.XMLStreamReader;

/**
 * Namespaces in XML 1.0, as far as the XML parser lets pass what breaks them. Parsers of servers
 * refuse it; a stanza must not mean something to the gateway that it means to nobody else.
 */
final class Namespaces {
  private Namespaces() {}

  /** Whether the start tag that the parser is at declares and uses namespaces as it may. */
  static boolean respected(XMLStreamReader xml) {
    for (int i = 0; i < xml.getNamespaceCount(); i++) {
      if (!declared(xml, xml.getNamespacePrefix(i), xml.getNamespaceURI(i))) {
        return false;
      }
    }
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (!name(xml.getAttributePrefix(i), xml.getAttributeLocalName(i))) {
        return false;
      }
    }
    return name(xml.getPrefix(), xml.getLocalName());
  }

  /** A prefix can't be taken back (section 5), and must be one: {@code xmlns:=''} has none. */
  private static boolean declared(XMLStreamReader xml, String prefix, String uri) {
    boolean byDefault = prefix == null || prefix.isEmpty();
    String text = uri == null ? "" : uri;
    if (byDefault) {
      String really = xml.getNamespaceContext().getNamespaceURI("");
      return text.equals(really == null ? "" : really);
    }
    return !text.isEmpty() && name(prefix, prefix);
  }

  /** What stands behind a colon is a name as well; the parser looks at the whole only. */
  private static boolean name(String prefix, String local) {
    if (prefix == null || prefix.isEmpty()) {
      return true;
    }
    if (local.isEmpty()) {
      return false;
    }
    char first = local.charAt(0);
    return first != '-' && first != '.' && first != '\u00b7' && !Character.isDigit(first);
  }
}
