package org.oicbridge.doctor;

import java.time.Duration;
import java.util.UUID;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Jid;
import org.oicbridge.doctor.Door.Opened;
import org.oicbridge.xmpp.Conditions;
import org.oicbridge.xmpp.Element;

/** Opens sessions of the account, each with a full JID of its own. */
final class Logins {
  private static final String BIND = "urn:ietf:params:xml:ns:xmpp-bind";
  private static final Duration LOGIN = Duration.ofSeconds(20);
  private static final Duration LIFE = Duration.ofSeconds(90);

  private final Door door;
  private final Sasl sasl;
  private final Jid account;

  Logins(Door door, Sasl sasl, Jid account) {
    this.door = door;
    this.sasl = sasl;
    this.account = account;
  }

  /** Opens one more session; a login that fails is the end of the check, and never repeated. */
  ClientSession open() throws EndOfCheck {
    return on(door.enter(new Findings(), LIFE));
  }

  /** Logs in on a stream and binds a full JID. */
  ClientSession on(Opened opened) throws EndOfCheck {
    ServerStream stream = opened.stream();
    Deadline deadline = Deadline.in(LOGIN);
    boolean bound = false;
    try {
      if (!opened.safe()) {
        throw new EndOfCheck("login", "not tried", "the password is for a server that is trusted");
      }
      String mechanism =
          opened
              .mechanism()
              .orElseThrow(() -> new EndOfCheck("login", "not tried", "no SCRAM is offered"));
      sasl.login(stream, mechanism, deadline);
      Element features = stream.open(deadline);
      // The form of a client's full JID, which the server has to take as it is.
      Jid self = account.withResource("OIC/1.0/Client/" + UUID.randomUUID());
      bind(stream, self, deadline);
      bound = true;
      return new ClientSession(stream, features, self);
    } catch (StreamEndedException e) {
      throw new EndOfCheck("login", "failed: " + e.getMessage(), "");
    } finally {
      if (!bound) {
        stream.close();
      }
    }
  }

  private static void bind(ServerStream stream, Jid self, Deadline deadline)
      throws EndOfCheck, StreamEndedException {
    stream.send(
        Element.named("iq", Element.CLIENT)
            .attribute("type", "set")
            .attribute("id", "bind")
            .child(
                Element.named("bind", BIND)
                    .child(Element.named("resource", BIND).text(self.resource()).build())
                    .build())
            .build());
    Element answer = stream.next(deadline);
    Element error = answer.child("error", Element.CLIENT);
    if (error != null) {
      throw new EndOfCheck(
          "full JID",
          "refused: " + Conditions.of(error, Conditions.STANZAS),
          "the account may have as many sessions as the server allows");
    }
    Element bind = answer.child("bind", BIND);
    Element jid = bind == null ? null : bind.child("jid", BIND);
    if (jid == null || !jid.text().endsWith("/" + self.resource())) {
      throw new EndOfCheck(
          "full JID",
          "another one is bound than asked for",
          "the server must leave the resourcepart to the client; a device is found by it");
    }
  }
}
