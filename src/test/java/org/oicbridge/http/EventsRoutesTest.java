package org.oicbridge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.AccountView;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.http.EventReader.Event;

/** What happens in the gateway, read as server-sent events; its other parts are the test's. */
@Timeout(60)
class EventsRoutesTest {
  private static final Jid ALICE = Jid.parse(ApiServer.ALICE);
  private static final Jid BOB = Jid.parse("bob@example.org");

  private ApiServer server;

  @BeforeEach
  void start() {
    server = ApiServer.start();
    ApiServer.await(server.vertx.deployVerticle(new EventsVerticle(ApiServer.SHARDS)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** A stream that has begun: what happens from now on is behind what it has asked for. */
  private EventReader open(String query, String... headers) throws Exception {
    return EventReader.open(
        "http://127.0.0.1:" + server.port() + "/api/v1/events" + query, headers);
  }

  private void device(Jid account, int number) {
    DeviceId di = new DeviceId("device-" + number);
    Contracts.DEVICE_CHANGED.publish(
        server.vertx.eventBus(),
        Contracts.HOME,
        new DeviceView(
            di,
            account,
            List.of("oic.d.light"),
            "",
            DeviceView.Origin.REMOTE,
            account.withResource("OIC/1.0/oic.d.light/" + di),
            DeviceView.State.ONLINE,
            0));
  }

  private void session(SessionRole role, SessionEvent.State state, String reason) {
    Contracts.SESSION.publish(
        server.vertx.eventBus(),
        1,
        new SessionEvent(ALICE.withResource("OIC/1.0/oic.d.cloudproxy/x"), role, state, reason));
  }

  private void account(Jid jid) {
    Contracts.ACCOUNT_CHANGED.publish(
        server.vertx.eventBus(),
        Contracts.HOME,
        new AccountView(
            jid,
            jid,
            null,
            5222,
            Tls.STARTTLS,
            true,
            AccountView.Status.ERROR,
            "no",
            false,
            false,
            1));
  }

  /** The newest event's id, when all that was told before is in the log. */
  private String newest() throws Exception {
    try (EventReader reader = open("", "Last-Event-ID", "another-1")) {
      Event reset = reader.next();
      assertThat(reset.name()).isEqualTo("reset");
      return reset.id();
    }
  }

  @Test
  void changes_areToldAsTheyHappen() throws Exception {
    String before = newest();
    try (EventReader reader = open("", "Last-Event-ID", before)) {
      assertThat(reader.header("Content-Type")).isEqualTo("text/event-stream");
      device(ALICE, 1);
      Event device = reader.next();
      assertThat(device.name()).isEqualTo("device");
      assertThat(new JsonObject(device.data()).getString("di")).isEqualTo("device-1");
      assertThat(new JsonObject(device.data()).getString("state")).isEqualTo("online");

      session(SessionRole.DEVICE, SessionEvent.State.OFFLINE, "of a device");
      session(SessionRole.GATEWAY, SessionEvent.State.OFFLINE, "reset by peer");
      Event session = reader.next();
      assertThat(session.name()).isEqualTo("session");
      assertThat(new JsonObject(session.data()).getString("state")).isEqualTo("offline");
      assertThat(new JsonObject(session.data()).getString("reason")).isEqualTo("reset by peer");

      account(BOB);
      Event account = reader.next();
      assertThat(account.name()).isEqualTo("account");
      assertThat(new JsonObject(account.data()).getString("jid")).isEqualTo(BOB.toString());
    }
  }

  @Test
  void callerThatComesBack_missesNothingThatTheRingHas() throws Exception {
    String before = newest();
    for (int i = 1; i <= 200; i++) {
      device(ALICE, i);
    }
    try (EventReader reader = open("", "Last-Event-ID", before)) {
      for (int i = 1; i <= 200; i++) {
        assertThat(new JsonObject(reader.next().data()).getString("di")).isEqualTo("device-" + i);
      }
      device(ALICE, 201);
      assertThat(reader.next().data()).contains("device-201");
    }
  }

  @Test
  void callerThatWasAwayForTooLong_isToldSo() throws Exception {
    String before = newest();
    for (int i = 1; i <= EventLog.SIZE + 1; i++) {
      device(ALICE, i);
    }
    try (EventReader reader = open("", "Last-Event-ID", before)) {
      assertThat(reader.next().name()).isEqualTo("reset");
      device(ALICE, 5000);
      assertThat(reader.next().data()).contains("device-5000");
    }
  }

  @Test
  void filters_leaveOutWhatIsNotAskedFor() throws Exception {
    String before = newest();
    device(ALICE, 1);
    account(ALICE);
    device(BOB, 2);
    account(BOB);
    try (EventReader reader =
        open("?account=bob@example.org&kind=device", "Last-Event-ID", before)) {
      assertThat(reader.next().data()).contains("device-2");
      device(ALICE, 3);
      device(BOB, 4);
      assertThat(reader.next().data()).contains("device-4");
    }
  }

  @Test
  void badValues_areNamed() throws Exception {
    try (EventReader reader = open("?kind=lamp")) {
      assertThat(reader.status()).isEqualTo(400);
      assertThat(reader.body()).contains("device, session or account");
    }
    try (EventReader reader = open("?shard=1")) {
      assertThat(reader.status()).isEqualTo(400);
    }
    assertThat(server.get("/api/v1/events", "Accept: application/json").status()).isEqualTo(406);
  }
}
