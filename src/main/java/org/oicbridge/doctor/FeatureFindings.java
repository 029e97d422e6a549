package org.oicbridge.doctor;

import java.util.List;
import java.util.Optional;
import org.oicbridge.doctor.Door.Opened;
import org.oicbridge.doctor.Finding.Level;
import org.oicbridge.xmpp.Element;

/** Tells of what a server offers. */
final class FeatureFindings {
  private static final String LIMITS = "urn:xmpp:stream-limits:0";
  private static final String SM = "urn:xmpp:sm:3";

  private FeatureFindings() {}

  static void mechanisms(Findings out, Opened opened) {
    List<String> offered = Sasl.offered(opened.features());
    Optional<String> taken = opened.mechanism();
    if (taken.isPresent()) {
      out.ok("SASL mechanisms", offered, "the gateway takes " + taken.get());
    } else if (opened.features().child("starttls", Door.STARTTLS) != null) {
      out.change(
          "SASL mechanisms", offered, "the server offers logins over TLS only: --tls starttls");
    } else {
      out.change(
          "SASL mechanisms", offered, "the gateway needs SCRAM-SHA-256 or SCRAM-SHA-1; allow one");
    }
  }

  /** What the server tells of its limits by itself (XEP-0478). */
  static void limits(Findings out, Element features) {
    Element limits = features.child("limits", LIMITS);
    long bytes = number(limits, "max-bytes");
    long idle = number(limits, "idle-seconds");
    if (bytes > 0) {
      boolean fits = bytes >= SizeProbe.BLOCK_32K;
      out.add(
          fits ? Level.OK : Level.CHANGE,
          "announced stanza size",
          bytes,
          "bytes",
          fits ? "" : "a block of ibb.blockSize 32768 needs " + SizeProbe.BLOCK_32K);
    }
    if (idle > 0) {
      out.add(
          Level.OK, "announced idle time", idle, "s", "xmpp.pingInterval has to be less than that");
    }
    if (limits == null) {
      out.ok("announced limits", "none", "");
    }
  }

  static void afterLogin(Findings out, Element features) {
    out.ok("full JID", "bound as asked for", "");
    if (features.child("sm", SM) != null) {
      out.ok("stream management", "offered", "");
    } else {
      out.note(
          "stream management",
          "not offered",
          "stanzas under way are lost with a connection; its module is worth loading");
    }
    out.ok(
        "stream features", features.children().stream().map(Element::name).distinct().toList(), "");
  }

  private static long number(Element limits, String name) {
    Element value = limits == null ? null : limits.child(name, LIMITS);
    String text = value == null ? "" : value.text().strip();
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }
}
