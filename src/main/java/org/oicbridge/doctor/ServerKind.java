package org.oicbridge.doctor;

import java.util.Locale;
import org.oicbridge.xmpp.Element;

/** Which server it is, as far as that changes what an operator has to set. */
enum ServerKind {
  PROSODY(
      "raise limits.c2s.rate, or name the fleet's accounts in unlimited_jids",
      "c2s_stanza_size_limit",
      "look for a module that limits the resources of an account"),
  EJABBERD(
      "set shaper_rules.c2s_shaper to none for the fleet's accounts",
      "max_stanza_size of the listener",
      "set shaper_rules.max_user_sessions to infinity for the fleet's accounts"),
  OTHER(
      "raise the server's limit of the rate for the fleet's accounts",
      "the server's limit of the size of stanzas",
      "raise the server's limit of sessions for the fleet's accounts");

  private static final String CAPS = "http://jabber.org/protocol/caps";

  private final String rate;
  private final String stanzaSize;
  private final String sessions;

  ServerKind(String rate, String stanzaSize, String sessions) {
    this.rate = rate;
    this.stanzaSize = stanzaSize;
    this.sessions = sessions;
  }

  /** What to do about the rate. */
  String rate() {
    return rate;
  }

  /** The setting for the size of stanzas. */
  String stanzaSize() {
    return stanzaSize;
  }

  /** What to do about the number of sessions. */
  String sessions() {
    return sessions;
  }

  /** By the name of its software. */
  static ServerKind ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.contains("prosody")) {
      return PROSODY;
    }
    return lower.contains("ejabberd") ? EJABBERD : OTHER;
  }

  /** By what a server that does not tell its name gives away: its capabilities, its stream ids. */
  static ServerKind guess(Element features, Element header) {
    Element caps = features.child("c", CAPS);
    String node = caps == null ? null : caps.attribute("node");
    if (node != null) {
      return ofName(node);
    }
    String id = header == null ? null : header.attribute("id");
    if (id != null && id.matches("[0-9]{15,20}")) {
      return EJABBERD;
    }
    return id != null && id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}") ? PROSODY : OTHER;
  }
}
