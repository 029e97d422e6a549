package org.oicbridge.sandbox;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.Set;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Element;

/** A connected resource: the client of a stream that has bound its full JID. */
final class Session {
  private static final int MAX_DIRECTED = 1000;

  private final Jid jid;
  private final ServerStream stream;
  private final Set<Jid> directed = new LinkedHashSet<>();
  private Element presence;

  Session(Jid jid, ServerStream stream) {
    this.jid = jid;
    this.stream = stream;
  }

  Jid jid() {
    return jid;
  }

  /** True between its first available and its unavailable presence. */
  boolean available() {
    return presence != null;
  }

  /** Its last available presence, null while it is unavailable. */
  Element presence() {
    return presence;
  }

  void setPresence(Element presence) {
    this.presence = presence;
  }

  /** To whom it has shown itself directly; they too are told when it goes. */
  Set<Jid> directed() {
    return directed;
  }

  /** Remembers a peer unless there are too many. */
  void showTo(Jid peer) {
    if (directed.size() < MAX_DIRECTED) {
      directed.add(peer);
    }
  }

  /** The priority of its presence (RFC 6121 section 4.7.2.3). */
  int priority() {
    Element priority = presence == null ? null : presence.child("priority", Element.CLIENT);
    try {
      return priority == null ? 0 : Integer.parseInt(priority.text().strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  void send(Element stanza) {
    stream.send(stanza);
  }

  /** Sends a stanza that is written already, since many get the same. */
  void send(Buffer stanza) {
    stream.write(stanza);
  }

  void end(String streamError) {
    stream.fail(streamError);
  }
}
