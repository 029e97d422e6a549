package org.oicbridge.bus;

import java.util.Locale;
import org.oicbridge.crudn.Jid;

/**
 * The stanzas of XEP-0047 as values, the same in both directions: the XMPP side reads and writes
 * their XML, the bytestream side knows what they mean.
 */
public sealed interface Ibb {
  /** The full JID of our session. */
  Jid session();

  /** The full JID of the other side, as the server stamped it. */
  Jid peer();

  /** The stanza's id; answers carry the id of what they answer. */
  String id();

  /** The kind of stanza that data travels in. */
  enum Carrier {
    /** Unacknowledged; what OIC Remote Access section 7.3.1 prescribes. */
    MESSAGE,
    /** Acknowledged one by one. */
    IQ
  }

  /**
   * {@code <open/>} in an iq of type set.
   *
   * @param blockSize bytes before base64, 1 to 65535
   */
  record Open(Jid session, Jid peer, String id, String sid, int blockSize, Carrier carrier)
      implements Ibb {}

  /**
   * {@code <data/>}.
   *
   * @param seq 0 to 65535, or -1 when it was missing or no such number
   * @param base64 the block as it stands in the stanza
   */
  record Data(Jid session, Jid peer, String id, String sid, int seq, String base64, Carrier carrier)
      implements Ibb {}

  /** {@code <close/>} in an iq of type set. */
  record Close(Jid session, Jid peer, String id, String sid) implements Ibb {}

  /** An iq of type result. */
  record Accepted(Jid session, Jid peer, String id) implements Ibb {}

  /**
   * A stanza of type error, in the kind of stanza that it answers.
   *
   * @param sid the stream that it is about, or null when the stanza does not tell
   */
  record Refused(Jid session, Jid peer, String id, String sid, Condition condition, Carrier carrier)
      implements Ibb {}

  /**
   * A stanza that we were to send and that certainly never reached its peer: our server has not
   * taken it, and the session is lost. Told before the session's end.
   */
  record Unsent(Jid session, Jid peer, String id) implements Ibb {}

  /** Why a stanza was refused (RFC 6120 section 8.3.3), as far as XEP-0047 uses it. */
  enum Condition {
    BAD_REQUEST("modify"),
    FEATURE_NOT_IMPLEMENTED("cancel"),
    ITEM_NOT_FOUND("cancel"),
    NOT_ACCEPTABLE("cancel"),
    RECIPIENT_UNAVAILABLE("wait"),
    RESOURCE_CONSTRAINT("modify"),
    SERVICE_UNAVAILABLE("cancel"),
    UNEXPECTED_REQUEST("cancel"),
    UNDEFINED_CONDITION("cancel");

    private final String type;

    Condition(String type) {
      this.type = type;
    }

    /** The {@code type} attribute of the error element. */
    public String type() {
      return type;
    }

    /** The name of the condition's element. */
    public String element() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The condition of an element's name; an unknown one is {@link #UNDEFINED_CONDITION}. */
    public static Condition of(String element) {
      for (Condition condition : values()) {
        if (condition.element().equals(element)) {
          return condition;
        }
      }
      return UNDEFINED_CONDITION;
    }
  }
}
