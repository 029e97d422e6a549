package org.oicbridge.sandbox;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Element;

/**
 * A connected resource: the client that has bound its full JID. With stream management it may
 * outlive its stream (XEP-0198 section 5); it is detached then, and keeps what it would have sent.
 */
final class Session {
  private static final int MAX_DIRECTED = 1000;

  private final Jid jid;
  private final Set<Jid> directed = new LinkedHashSet<>();
  private ServerStream stream;
  private Managed managed;
  private Element presence;

  /**
   * What a session has once its client has enabled stream management.
   *
   * @param id by which the client resumes it, null when it can't
   * @param max seconds that it outlives its stream
   */
  record Managed(
      StreamManagement management, Acknowledgements acknowledgements, String id, int max) {}

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

  /** What stream management keeps of it, null before the client has enabled that. */
  Managed managed() {
    return managed;
  }

  void manage(Managed newManaged) {
    managed = newManaged;
  }

  /** True when a new stream may take it over by its id. */
  boolean resumable() {
    return managed != null && managed.id() != null;
  }

  /** Its stream, null while it is detached. */
  ServerStream stream() {
    return stream;
  }

  /** Goes on without a stream. */
  void detach() {
    stream = null;
  }

  /** Goes on with another stream; the one that it had, if any, has lost it. */
  void attach(ServerStream newStream) {
    ServerStream before = stream;
    stream = newStream;
    if (before != null) {
      before.replaced();
    }
  }

  /** One of its client's stanzas was handled. */
  void handled() {
    if (managed != null) {
      managed.acknowledgements().handled();
    }
  }

  void send(Element stanza) {
    send(stanza, Buffer.buffer(stanza.toXml()));
  }

  /** Sends a stanza that is written already, since many get the same. */
  void send(Element stanza, Buffer written) {
    if (managed == null) {
      stream.write(written);
    } else if (managed.acknowledgements().keep(stanza, written.length())) {
      if (stream != null) {
        stream.write(written);
      }
      managed.management().sentTo(this);
    } else {
      managed.management().full(this, stanza);
    }
  }

  /** What it was sent and has not acknowledged; asked for once, when it is over. */
  List<Element> undelivered() {
    return managed == null ? List.of() : managed.acknowledgements().drain();
  }

  void end(String streamError) {
    if (stream != null) {
      stream.fail(streamError);
    } else {
      managed.management().over(this);
    }
  }
}
