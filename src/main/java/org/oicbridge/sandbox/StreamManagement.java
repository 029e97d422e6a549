package org.oicbridge.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.oicbridge.crudn.Jid;
import org.oicbridge.xmpp.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges stanzas and lets clients resume their sessions (XEP-0198), for all streams of the
 * server. One timer serves all sessions, and runs only while there is something to look after.
 */
final class StreamManagement {
  static final String NAMESPACE = "urn:xmpp:sm:3";

  private static final Logger LOG = LoggerFactory.getLogger(StreamManagement.class);
  private static final Buffer REQUEST =
      Buffer.buffer(Element.named("r", NAMESPACE).build().toXml());

  private final Vertx vertx;
  private final int max;
  private final Tuning tuning;
  private final Router router;
  private final Supplier<String> ids;
  private final Counts counts;
  private final ResumableSessions resumable = new ResumableSessions();
  private Set<Session> toAsk = new LinkedHashSet<>();
  private boolean awake;

  /**
   * For the sessions that a router serves.
   *
   * @param max seconds that a session outlives its stream, 0 when none does, -1 when clients are
   *     offered none of it
   * @param ids gives one that nobody can guess
   */
  StreamManagement(
      Vertx vertx, int max, Tuning tuning, Router router, Supplier<String> ids, Counts counts) {
    this.vertx = vertx;
    this.max = max;
    this.tuning = tuning;
    this.router = router;
    this.ids = ids;
    this.counts = counts;
  }

  boolean offered() {
    return max >= 0;
  }

  /** Takes one of its elements from a client that has bound its resource. */
  void receive(ServerStream stream, Session session, Element element) {
    Session.Managed managed = session.managed();
    switch (element.name()) {
      case "enable" -> enable(stream, session, element);
      case "resume" -> stream.send(SmElements.failed("unexpected-request"));
      case "r" -> {
        if (managed == null) {
          stream.fail("unsupported-stanza-type");
        } else {
          stream.send(SmElements.answer(managed.acknowledgements().handledCount()));
        }
      }
      case "a" -> {
        OptionalInt h = SmElements.count(element);
        if (managed == null) {
          stream.fail("unsupported-stanza-type");
        } else if (h.isEmpty()) {
          stream.fail("bad-format");
        } else {
          acknowledge(stream, managed.acknowledgements(), h.getAsInt());
        }
      }
      default -> stream.fail("unsupported-stanza-type");
    }
  }

  private void enable(ServerStream stream, Session session, Element enable) {
    if (session.managed() != null) {
      // Section 3 asks for a stream error and shows this, which is what clients know how to read.
      stream.send(SmElements.failed("unexpected-request"));
      stream.fail("policy-violation");
      return;
    }
    boolean resume = max > 0 && SmElements.isTrue(enable.attribute("resume"));
    int seconds = resume ? Math.min(max, SmElements.seconds(enable.attribute("max"), max)) : 0;
    session.manage(
        new Session.Managed(
            this, new Acknowledgements(tuning.firstCount()), resume ? ids.get() : null, seconds));
    if (resume) {
      resumable.add(session);
    }
    stream.send(SmElements.enabled(session.managed().id(), seconds));
  }

  private static boolean acknowledge(ServerStream stream, Acknowledgements kept, int h) {
    if (kept.acknowledge(h)) {
      return true;
    }
    stream.fail(SmElements.tooHigh(h, kept.sentCount()));
    return false;
  }

  /** Gives an authenticated client the session that it had, or says why not (section 5). */
  void resume(ServerStream stream, Jid account, Element resume) {
    String id = resume.attribute("previd");
    OptionalInt h = SmElements.count(resume);
    if (max == 0) {
      stream.send(SmElements.failed("feature-not-implemented"));
      return;
    }
    if (id == null || h.isEmpty()) {
      stream.send(SmElements.failed("bad-request"));
      return;
    }
    Session session = resumable.find(id, account);
    if (session == null) {
      stream.send(SmElements.notFound(resumable.handledCount(id, account)));
      return;
    }
    Acknowledgements kept = session.managed().acknowledgements();
    if (!acknowledge(stream, kept, h.getAsInt())) {
      return;
    }
    resumable.attach(session);
    session.attach(stream);
    stream.bound(session);
    stream.send(SmElements.resumed(id, kept.handledCount()));
    kept.forEach(stream::send);
    ask(session);
    LOG.debug("{} is resumed", session.jid());
    counts.resumed();
  }

  /** A session was sent a stanza, or has kept it. */
  void sentTo(Session session) {
    Acknowledgements kept = session.managed().acknowledgements();
    if (kept.sinceAsked() >= tuning.askEvery()) {
      ask(session);
    } else if (kept.sinceAsked() == 1) {
      toAsk.add(session);
      wake();
    }
  }

  private static void ask(Session session) {
    session.managed().acknowledgements().asked();
    if (session.stream() != null) {
      session.stream().write(REQUEST);
    }
  }

  /** A session was to be sent a stanza, but keeps too much already. */
  void full(Session session, Element stanza) {
    LOG.info("{} acknowledges nothing, cut off", session.jid());
    session.end("resource-constraint");
    router.undelivered(stanza);
  }

  /** A session has lost its stream without a closing tag. */
  void lost(Session session) {
    if (!session.resumable()) {
      over(session);
      return;
    }
    session.detach();
    resumable.detach(
        session, System.nanoTime() + TimeUnit.SECONDS.toNanos(session.managed().max()));
    wake();
    LOG.debug("{} is detached", session.jid());
    counts.changed();
  }

  /** A session has ended for good. */
  void over(Session session) {
    if (session.resumable()) {
      resumable.remove(session);
    }
    router.ended(session);
    counts.changed();
  }

  int detached() {
    return resumable.detached();
  }

  /** Lets the time of some detached sessions be up; gives how many. */
  int expire(Predicate<Jid> which) {
    List<Session> chosen = resumable.detached(which);
    chosen.forEach(this::over);
    return chosen.size();
  }

  private void wake() {
    if (!awake) {
      awake = true;
      vertx.setTimer(tuning.sweep().toMillis(), id -> sweep());
    }
  }

  private void sweep() {
    awake = false;
    Set<Session> asked = toAsk;
    toAsk = new LinkedHashSet<>();
    for (Session session : asked) {
      if (session.managed().acknowledgements().sinceAsked() > 0) {
        ask(session);
      }
    }
    resumable.due(System.nanoTime()).forEach(this::over);
    if (resumable.detached() > 0 || !toAsk.isEmpty()) {
      wake();
    }
  }
}
