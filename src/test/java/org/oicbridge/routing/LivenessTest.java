package org.oicbridge.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.routing.RouterFixture.HOME;
import static org.oicbridge.routing.RouterFixture.LAMP;
import static org.oicbridge.routing.RouterFixture.LAMP_JID;
import static org.oicbridge.routing.RouterFixture.OK;
import static org.oicbridge.routing.RouterFixture.home;
import static org.oicbridge.routing.RouterFixture.lamp;
import static org.oicbridge.routing.RouterFixture.retrieve;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.DeviceView.State;
import org.oicbridge.bus.DropDevices;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.OpenSession;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.ShowSession;
import org.oicbridge.crudn.CrudnRequest.Via;

/** Hosted devices that answer, or do so no more. */
@Timeout(30)
class LivenessTest {
  private static final String ELSEWHERE = "coap://127.0.0.1:5684";

  private final RouterFixture router = new RouterFixture();

  @AfterEach
  void stop() {
    router.close();
  }

  private void assertState(State state) {
    assertThat(router.devices()).extracting("state").containsExactly(state);
  }

  private ShowSession nextShown() throws InterruptedException {
    return router.shown.poll(10, TimeUnit.SECONDS);
  }

  private void hostOnlineLamp() {
    router.host(home());
    router.hostUnknown(lamp());
    router.session(RouterFixture.GATEWAY_JID, SessionEvent.State.ONLINE);
    router.session(LAMP_JID, SessionEvent.State.ONLINE);
  }

  @Test
  void device_isNotShownBeforeItHasAnswered() throws Exception {
    hostOnlineLamp();
    router.nextOrder(OpenSession.class);
    OpenSession open = router.nextOrder(OpenSession.class);
    assertThat(open.jid()).isEqualTo(LAMP_JID);
    assertThat(open.available()).isFalse();
    assertState(State.UNKNOWN);
    assertThat(router.shown).isEmpty();

    router.answers(lamp(), true);
    assertState(State.ONLINE);
    assertThat(nextShown()).isEqualTo(new ShowSession(LAMP_JID, true));
  }

  @Test
  void device_thatAnswersNoMoreIsHiddenAndOffline() throws Exception {
    router.hostLamp();
    assertThat(nextShown()).isEqualTo(new ShowSession(LAMP_JID, true));
    router.answers(lamp(), false);
    assertState(State.OFFLINE);
    assertThat(nextShown()).isEqualTo(new ShowSession(LAMP_JID, false));
    // With a new login it is as hidden as before.
    router.host(home());
    router.nextOrder(OpenSession.class);
    assertThat(router.nextOrder(OpenSession.class).available()).isFalse();

    router.answers(lamp(), true);
    assertState(State.ONLINE);
    assertThat(nextShown()).isEqualTo(new ShowSession(LAMP_JID, true));
  }

  @Test
  void device_thatAnswersNoMoreIsStillTried() throws Exception {
    router.hostLamp();
    router.answers(lamp(), false);
    assertThat(router.answer(retrieve(LAMP, Via.SHORTEST))).isEqualTo(OK);
    assertThat(router.answer(retrieve(LAMP, Via.HOSTED))).isEqualTo(OK);
    assertThat(router.answer(retrieve(LAMP, Via.XMPP))).isEqualTo(OK);
    assertThat(router.sentToCoap).hasSize(2);
  }

  @Test
  void whatWasFoundOutOfAnotherEndpoint_saysNothing() throws Exception {
    router.hostLamp();
    nextShown();
    router.host(lamp("oic.d.light", ELSEWHERE));
    nextShown();
    router.answers(lamp(), false);
    assertState(State.ONLINE);
    assertThat(router.shown).isEmpty();
  }

  @Test
  void devices_areWatchedWhileTheyAreHosted() throws Exception {
    router.host(home());
    router.hostUnknown(lamp());
    assertThat(router.watched.poll(10, TimeUnit.SECONDS))
        .isEqualTo(new HostDevices(HOME, List.of(lamp())));
    RouterFixture.await(router.drop(LAMP));
    assertThat(router.watched.poll(10, TimeUnit.SECONDS))
        .isEqualTo(new DropDevices(HOME, List.of(LAMP)));
    router.hostUnknown(lamp());
    router.watched.poll(10, TimeUnit.SECONDS);
    RouterFixture.await(router.dropAccount(HOME, 0));
    assertThat(router.watched.poll(10, TimeUnit.SECONDS))
        .isEqualTo(new DropDevices(HOME, List.of(LAMP)));
  }
}
