package org.oicbridge.gatling;

import com.typesafe.scalalogging.Logger;
import com.typesafe.scalalogging.Logger$;
import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.OK$;
import io.gatling.commons.stats.Status;
import io.gatling.commons.validation.Failure;
import io.gatling.core.CoreComponents;
import io.gatling.core.action.Action;
import io.gatling.core.action.BlockExit;
import io.gatling.core.check.Check;
import io.gatling.core.check.Check$;
import io.gatling.core.session.Session;
import io.vertx.core.Future;
import java.util.function.Function;
import org.oicbridge.crudn.CrudnResponse;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.List;

/** One step of a virtual user that waits for an answer: measured, checked, then the next step. */
final class OicAction implements Action {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OicAction.class);
  private static final Logger SCALA_LOG = Logger$.MODULE$.apply(LOG);

  private final String name;
  private final Work work;
  private final List<Check<CrudnResponse>> checks;
  private final CoreComponents core;
  private final Action next;

  /** What a step does. */
  interface Work {
    /**
     * Begins it.
     *
     * @throws RuntimeException when the user's session lacks what is needed; then nothing was sent
     */
    Future<Done> begin(io.gatling.javaapi.core.Session session);
  }

  /**
   * What a step has come to.
   *
   * @param update what it changes about the user
   */
  record Done(
      CrudnResponse response,
      Function<io.gatling.javaapi.core.Session, io.gatling.javaapi.core.Session> update) {
    static Done of(CrudnResponse response) {
      return new Done(response, session -> session);
    }
  }

  OicAction(
      String name, Work work, List<Check<CrudnResponse>> checks, CoreComponents core, Action next) {
    this.name = name;
    this.work = work;
    this.checks = checks;
    this.core = core;
    this.next = next;
  }

  @Override
  public String name() {
    return name;
  }

  /** What every action of Gatling does before it is executed: a loop may be over. */
  @Override
  public void $bang(Session session) {
    if (!session.eventLoop().inEventLoop()) {
      if (!session.eventLoop().isShutdown()) {
        session.eventLoop().execute(() -> $bang(session));
      }
      return;
    }
    Option<BlockExit> exit = BlockExit.mustExit(session);
    if (exit.isDefined()) {
      exit.get().exitBlock(core.statsEngine(), core.clock().nowMillis());
    } else {
      execute(session);
    }
  }

  @Override
  public void execute(Session session) {
    long begun = core.clock().nowMillis();
    try {
      // The answer comes on a thread of Vert.x; the next action goes back to the user's own.
      work.begin(new io.gatling.javaapi.core.Session(session))
          .onComplete(done -> finish(session, begun, done), error -> crash(session, begun, error));
    } catch (RuntimeException e) {
      LOG.error("{} could not begin: {}", name, e.getMessage());
      core.statsEngine()
          .logRequestCrash(session.scenario(), session.groups(), name, e.getMessage());
      next.$bang(session.markAsFailed());
    }
  }

  private void finish(Session session, long begun, Done done) {
    long ended = core.clock().nowMillis();
    Session updated = done.update().apply(new io.gatling.javaapi.core.Session(session)).asScala();
    Tuple2<Session, Option<Failure>> checked =
        Check$.MODULE$.check(done.response(), updated, checks);
    Option<Failure> failure = checked._2();
    CrudnResponse response = done.response();
    String problem = response.problem() == null ? "" : ", " + response.problem().type();
    tell(
        checked._1(),
        begun,
        ended,
        Integer.toString(response.status().code()),
        failure.isDefined() ? failure.get().message() + problem : null);
  }

  private void crash(Session session, long begun, Throwable error) {
    tell(session, begun, core.clock().nowMillis(), null, String.valueOf(error.getMessage()));
  }

  private void tell(Session session, long begun, long ended, String code, String failure) {
    Status status = failure == null ? OK$.MODULE$ : KO$.MODULE$;
    core.statsEngine()
        .logResponse(
            session.scenario(),
            session.groups(),
            name,
            begun,
            ended,
            status,
            Option.apply(code),
            Option.apply(failure));
    Session timed = session.logGroupRequestTimings(begun, ended);
    next.$bang(failure == null ? timed.markAsSucceeded() : timed.markAsFailed());
  }

  // What the Scala trait has for the logger.

  @Override
  public Logger logger() {
    return SCALA_LOG;
  }

  @Override
  public void com$typesafe$scalalogging$StrictLogging$_setter_$logger_$eq(Logger logger) {
    // All actions log under one name.
  }

  @Override
  public String toString() {
    return name;
  }
}
