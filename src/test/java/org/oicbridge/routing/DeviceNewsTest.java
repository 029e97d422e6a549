package org.oicbridge.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.routing.RouterFixture.GATEWAY_JID;
import static org.oicbridge.routing.RouterFixture.HOME;
import static org.oicbridge.routing.RouterFixture.LAMP;
import static org.oicbridge.routing.RouterFixture.LAMP_JID;
import static org.oicbridge.routing.RouterFixture.lamp;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceView;
import org.oicbridge.bus.DeviceView.State;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;

@Timeout(60)
class DeviceNewsTest {
  private static final DeviceId FAN = new DeviceId("22222222-2222-4222-8222-222222222222");
  private static final Jid FAN_JID = HOME.withResource("OIC/1.0/oic.d.fan/" + FAN);

  private final BlockingQueue<DeviceView> news = new LinkedBlockingQueue<>();
  private RouterFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new RouterFixture();
    Contracts.DEVICE_CHANGED.listen(fixture.vertx.eventBus(), Contracts.HOME, news::add);
    fixture.hostLamp();
    expect(LAMP, State.OFFLINE);
    expect(LAMP, State.ONLINE);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private void expect(DeviceId di, State state) throws InterruptedException {
    DeviceView device = news.poll(10, TimeUnit.SECONDS);
    assertThat(device).isNotNull();
    assertThat(device.di()).isEqualTo(di);
    assertThat(device.state()).isEqualTo(state);
  }

  @Test
  void sessionOfADevice_isToldOnceForEachChange() throws Exception {
    fixture.session(LAMP_JID, SessionEvent.State.ONLINE);
    fixture.session(LAMP_JID, SessionEvent.State.OFFLINE);
    expect(LAMP, State.OFFLINE);
    fixture.session(LAMP_JID, SessionEvent.State.ONLINE);
    expect(LAMP, State.ONLINE);
  }

  @Test
  void remoteDevice_comesAndGoesAndIsUnknownWithoutOurSession() throws Exception {
    fixture.peer(FAN_JID, true);
    expect(FAN, State.ONLINE);
    fixture.peer(FAN_JID, true);
    fixture.session(GATEWAY_JID, SessionEvent.State.OFFLINE);
    expect(FAN, State.UNKNOWN);
    fixture.session(GATEWAY_JID, SessionEvent.State.ONLINE);
    // The server tells a new session who is there, and not who has gone.
    expect(FAN, State.OFFLINE);
    fixture.peer(FAN_JID, true);
    expect(FAN, State.ONLINE);
    fixture.peer(FAN_JID, false);
    expect(FAN, State.OFFLINE);
  }

  @Test
  void droppedDevice_isOffline() throws Exception {
    RouterFixture.await(fixture.drop(LAMP));
    expect(LAMP, State.OFFLINE);
    fixture.host(lamp());
    expect(LAMP, State.OFFLINE);
  }

  @Test
  void droppedAccount_takesItsDevicesOffline() throws Exception {
    RouterFixture.await(fixture.dropAccount(HOME, 0));
    expect(LAMP, State.OFFLINE);
    assertThat(news).isEmpty();
  }
}
