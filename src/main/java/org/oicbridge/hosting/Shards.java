package org.oicbridge.hosting;

import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.oicbridge.bus.CloseSession;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.DropAccount;
import org.oicbridge.bus.DropDevices;
import org.oicbridge.bus.HostAccount;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.LoginOutcome;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.XmppConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the shards whom they serve. What is told about an account arrives in that order. */
final class Shards {
  private static final Logger LOG = LoggerFactory.getLogger(Shards.class);
  private static final Duration TOLD = Duration.ofSeconds(60);

  /** A login may have to wait for others, and to try several addresses. */
  private static final Duration LOGIN_SLACK = Duration.ofSeconds(60);

  private final EventBus bus;
  private final int shards;
  private final Duration login;

  Shards(EventBus bus, int shards, XmppConfig xmpp) {
    this.bus = bus;
    this.shards = shards;
    this.login =
        xmpp.connectTimeout().multipliedBy(4).plus(xmpp.negotiationTimeout()).plus(LOGIN_SLACK);
  }

  Future<Done> hostAccount(AccountConfig account, DeviceId gatewayId) {
    return told(
        "host " + account.jid(),
        Contracts.HOST_ACCOUNT.request(
            bus, shard(account.jid()), new HostAccount(account, gatewayId), Deadline.in(TOLD)));
  }

  Future<Done> dropAccount(Jid account) {
    return told(
        "drop " + account,
        Contracts.DROP_ACCOUNT.request(
            bus, shard(account), new DropAccount(account), Deadline.in(TOLD)));
  }

  Future<Done> hostDevices(Jid account, List<HostedDevice> devices) {
    return told(
        "host devices of " + account,
        Contracts.HOST_DEVICES.request(
            bus, shard(account), new HostDevices(account, devices), Deadline.in(TOLD)));
  }

  Future<Done> dropDevices(Jid account, List<DeviceId> devices) {
    return told(
        "drop devices of " + account,
        Contracts.DROP_DEVICES.request(
            bus, shard(account), new DropDevices(account, devices), Deadline.in(TOLD)));
  }

  Future<Done> close(Jid session) {
    return told(
        "close " + session,
        Contracts.CLOSE_SESSION.request(
            bus, shard(session), new CloseSession(session), Deadline.in(TOLD)));
  }

  /** Tries a login once; never fails. */
  Future<LoginOutcome> tryLogin(OpenSession session) {
    return Contracts.TRY_LOGIN
        .request(bus, shard(session.jid()), session, Deadline.in(login))
        .otherwise(
            error ->
                new LoginOutcome(
                    false,
                    error instanceof ReplyException reply
                            && reply.failureType() == ReplyFailure.TIMEOUT
                        ? "the login did not end in time"
                        : "the login could not be tried"));
  }

  /** Asks a device; never fails. */
  Future<CrudnResponse> ask(DeviceRequest question) {
    return Contracts.DEVICE
        .request(bus, shard(question.request().account()), question, question.request().deadline())
        .otherwise(Contracts::failure);
  }

  /** Listens to the sessions of all shards. */
  void onSession(Consumer<SessionEvent> listener) {
    for (int shard = 0; shard < shards; shard++) {
      Contracts.SESSION.listen(bus, shard, listener);
    }
  }

  private int shard(Jid account) {
    return Contracts.shardOf(account, shards);
  }

  private static Future<Done> told(String what, Future<Done> answer) {
    return answer.onFailure(error -> LOG.error("a shard was told to {}: {}", what, error));
  }
}
