package org.oicbridge.doctor;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.oicbridge.doctor.Door.Opened;
import org.oicbridge.xmpp.Element;

/**
 * Looks at one XMPP server. Without an account it opens one stream and leaves; with one it logs in
 * once; probing opens up to 25 sessions, 15 of them at a time, and sends at most 8 MiB to itself.
 */
public final class ServerCheck {
  private static final Duration LIFE = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final String VERSION = "jabber:iq:version";
  private static final String SOFTWARE = "server software";

  private final CheckOrder order;
  private final Findings out = new Findings();
  private final Door door;
  private final Logins logins;

  private ServerCheck(Vertx vertx, CheckOrder order) throws EndOfCheck {
    this.order = order;
    this.door = new Door(vertx, order);
    this.logins =
        order.account() == null
            ? null
            : new Logins(door, new Sasl(vertx, order.account(), order.password()), order.account());
  }

  /**
   * Looks, and blocks until that is done: some seconds, or up to three minutes when it probes.
   *
   * @throws AccountBusyException when the limits were to be measured and somebody uses the account
   */
  public static Report run(Vertx vertx, CheckOrder order) throws AccountBusyException {
    Findings found = new Findings();
    try {
      ServerCheck check = new ServerCheck(vertx, order);
      found = check.out;
      check.look();
    } catch (EndOfCheck e) {
      found.add(e.finding());
    }
    return new Report(order.domain(), found.list());
  }

  private void look() throws EndOfCheck, AccountBusyException {
    Opened opened = door.enter(out, LIFE);
    FeatureFindings.mechanisms(out, opened);
    if (logins == null) {
      FeatureFindings.limits(out, opened.features());
      ServerKind kind = ServerKind.guess(opened.features(), opened.stream().header());
      out.ok(SOFTWARE, guessed(kind), "guessed; it tells more to an account (--account)");
      opened.stream().close();
      return;
    }
    try (ClientSession session = logins.on(opened)) {
      out.ok("login", "ok", "");
      FeatureFindings.afterLogin(out, session.features());
      FeatureFindings.limits(out, session.features());
      ServerKind kind = software(session);
      if (order.probe()) {
        session.lookForOthers(LOOK);
        long rate = RateProbe.measure(session);
        RateProbe.tell(out, rate, kind);
        // Others start afresh: this one has used up its burst.
        session.close();
        if (rate > 0) {
          new SizeProbe(logins, rate).run(out, kind);
        }
        SessionProbe.run(out, logins, kind);
      }
    } catch (StreamEndedException e) {
      throw new EndOfCheck("stream", e.getMessage(), "");
    }
  }

  private ServerKind software(ClientSession session)
      throws StreamEndedException, AccountBusyException {
    Element answer = session.ask(Element.named("query", VERSION).build());
    Element query = answer == null ? null : answer.child("query", VERSION);
    if (query == null) {
      ServerKind kind = ServerKind.guess(session.features(), session.header());
      out.ok(SOFTWARE, guessed(kind), "guessed; it does not tell (XEP-0092)");
      return kind;
    }
    String name = text(query, "name");
    out.ok(SOFTWARE, (name + " " + text(query, "version")).strip(), "");
    return ServerKind.ofName(name);
  }

  private static String text(Element query, String name) {
    Element child = query.child(name, VERSION);
    return child == null ? "" : child.text().strip();
  }

  private static String guessed(ServerKind kind) {
    return switch (kind) {
      case PROSODY -> "Prosody";
      case EJABBERD -> "ejabberd";
      case OTHER -> "unknown";
    };
  }
}
