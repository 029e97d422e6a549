package org.oicbridge.gatling;

import io.gatling.javaapi.core.ActionBuilder;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;
import org.oicbridge.gatling.OicAction.Done;

/** A step that has a name; what it does comes next. */
public final class OicStep {
  private final String name;

  OicStep(String name) {
    this.name = name;
  }

  /** Reads a resource. */
  public OicRequestBuilder get(String path) {
    return OicRequestBuilder.of(name, Operation.RETRIEVE, path);
  }

  /** Changes a resource in part. */
  public OicRequestBuilder post(String path) {
    return OicRequestBuilder.of(name, Operation.UPDATE, path);
  }

  /** Creates or replaces a resource. */
  public OicRequestBuilder put(String path) {
    return OicRequestBuilder.of(name, Operation.CREATE, path);
  }

  /** Removes a resource. */
  public OicRequestBuilder delete(String path) {
    return OicRequestBuilder.of(name, Operation.DELETE, path);
  }

  /**
   * Logs the virtual user in, with a resource of its own, and waits until it is bound. Takes as
   * long as TLS, authentication, binding, and the pauses before further attempts.
   *
   * @param bareJid the account, in Gatling's expression language
   * @param password likewise
   */
  public ActionBuilder login(String bareJid, String password) {
    Function<io.gatling.javaapi.core.Session, String> account = Texts.of(bareJid);
    Function<io.gatling.javaapi.core.Session, String> secret = Texts.of(password);
    return Steps.action(
        name,
        clients ->
            session ->
                clients
                    .login(account.apply(session), secret.apply(session))
                    .map(jid -> new Done(done(), user -> user.set(OicDsl.USER, jid.toString()))),
        List.of());
  }

  /** Logs the virtual user out; one that leaves the scenario is logged out anyway. */
  public ActionBuilder logout() {
    return Steps.action(
        name,
        clients ->
            session ->
                OicComponents.user(session)
                    .map(clients::logout)
                    .orElseGet(() -> Future.failedFuture("the user is not logged in"))
                    .map(closed -> new Done(done(), user -> user.remove(OicDsl.USER))),
        List.of());
  }

  /**
   * Asks nobody, and counts as failed when something does not hold: for what a simulation has to
   * show and no answer says, such as what its users have seen together.
   *
   * @param objection what does not hold, shown in the report; empty when all is well
   */
  public ActionBuilder verify(
      Function<io.gatling.javaapi.core.Session, Optional<String>> objection) {
    return Steps.alone(
        name,
        session ->
            objection
                .apply(session)
                .<Future<Done>>map(Future::failedFuture)
                .orElseGet(() -> Future.succeededFuture(Done.of(done()))));
  }

  private static CrudnResponse done() {
    return CrudnResponse.answered(Status.OK, Headers.NONE, null);
  }
}
