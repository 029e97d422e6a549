package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.CoapGateway.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

@Timeout(60)
class RelationTest {
  private static final RenewalPace NEVER =
      new RenewalPace(Duration.ofHours(1), Duration.ZERO, Duration.ZERO);
  private static final RenewalPace AT_ONCE =
      new RenewalPace(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1));

  @RegisterExtension final CoapGateway gateway = new CoapGateway();

  private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();
  private ObservableDevice device;

  @BeforeEach
  void start() throws Exception {
    device = new ObservableDevice();
    pace(NEVER);
  }

  private void pace(RenewalPace pace) throws Exception {
    gateway.deploy(pace);
    gateway.listen(told::add);
  }

  @AfterEach
  void stop() {
    device.close();
  }

  private CrudnResponse observe(String name) throws Exception {
    return await(gateway.observe(device.config(), "/temperature", name));
  }

  private Notification next(Kind kind) throws InterruptedException {
    Notification news = told.poll(20, TimeUnit.SECONDS);
    assertThat(news).isNotNull();
    assertThat(news.kind()).as(news.toString()).isEqualTo(kind);
    return news;
  }

  @Test
  void registration_isAGetWithObserveZero() throws Exception {
    CrudnResponse first = observe("a");

    assertThat(first.body()).isEqualTo("1");
    assertThat(first.headers().get("Observe")).isPresent();
    Request request = device.nextRegistration();
    assertThat(request.getOptions().getObserve()).isZero();
    assertThat(request.isConfirmable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void notification_isTold(boolean confirmable) throws Exception {
    observe("a");
    device.notifyValue("{\"temperature\":20}", confirmable, 30);

    Notification news = next(Kind.CHANGED);
    assertThat(news.subscription()).isEqualTo("a");
    assertThat(news.response().body()).isEqualTo("{\"temperature\":20}");
    assertThat(news.response().headers().get("Cache-Control")).contains("max-age=30");
  }

  @Test
  void notificationOverManyBlocks_isToldWhole() throws Exception {
    observe("a");
    String large = "\"" + "x".repeat(5000) + "\"";
    device.notifyValue(large, true, 60);

    assertThat(next(Kind.CHANGED).response().body()).isEqualTo(large);
    device.notifyValue("3", true, 60);
    assertThat(next(Kind.CHANGED).response().body()).isEqualTo("3");
  }

  @Test
  void notificationThatWasOvertaken_isNotTold() throws Exception {
    observe("a");
    device.sequence(10);
    device.notifyValue("10", false, 60);
    assertThat(next(Kind.CHANGED).response().body()).isEqualTo("10");
    device.sequence(9);
    device.notifyValue("9", false, 60);
    device.sequence(11);
    device.notifyValue("11", false, 60);

    assertThat(next(Kind.CHANGED).response().body()).isEqualTo("11");
  }

  @Test
  void sequence_mayWrapAround() throws Exception {
    device.sequence(0xff_fffe);
    observe("a");
    device.notifyValue("7", false, 60);
    assertThat(next(Kind.CHANGED).response().body()).isEqualTo("7");
    device.sequence(0);
    device.notifyValue("8", false, 60);
    assertThat(next(Kind.CHANGED).response().body()).isEqualTo("8");
  }

  @Test
  void errorNotification_isTheLastWord() throws Exception {
    observe("a");
    device.notifyError(ResponseCode.NOT_FOUND);

    Notification news = next(Kind.ENDED);
    assertThat(news.response().status()).isEqualTo(Status.NOT_FOUND);
    assertThat(news.response().problem()).isNull();
  }

  @Test
  void unreadableNotification_isLeftOut() throws Exception {
    observe("a");
    device.notifyBytes(new byte[] {(byte) 0xff, 0x00}, true);
    device.notifyValue("2", true, 60);

    assertThat(next(Kind.CHANGED).response().body()).isEqualTo("2");
  }

  @Test
  void deviceThatDoesNotObserve_answersOnce() throws Exception {
    device.observable = false;

    CrudnResponse answer = observe("a");

    assertThat(answer.body()).isEqualTo("1");
    assertThat(answer.headers().get("Observe")).isEmpty();
  }

  @Test
  void end_isSaidWithObserveOneUnderTheSameToken() throws Exception {
    observe("a");
    Request registration = device.nextRegistration();

    await(gateway.forget("a"));

    Request cancellation = device.nextCancellation();
    assertThat(cancellation.getToken()).isEqualTo(registration.getToken());
    assertThat(cancellation.getOptions().getUriPathString()).isEqualTo("temperature");
  }

  @Test
  void notificationAfterTheEnd_getsAReset() throws Exception {
    device.deaf = true;
    observe("a");
    await(gateway.forget("a"));
    device.nextCancellation();

    device.notifyValue("2", true, 60);

    assertThat(device.reset()).isTrue();
    assertThat(told).isEmpty();
  }

  @Test
  void silenceBeyondMaxAge_hasTheRegistrationRepeated() throws Exception {
    pace(AT_ONCE);
    device.maxAge = 0;
    observe("a");
    Request first = device.nextRegistration();

    Request second = device.nextRegistration();

    assertThat(second.getToken()).isEqualTo(first.getToken());
    assertThat(second.getMID()).isNotEqualTo(first.getMID());
    assertThat(next(Kind.CHANGED).response().body()).isEqualTo("1");
  }

  @Test
  void deviceThatWasRestarted_isBelievedAfterTheRegistrationIsRepeated() throws Exception {
    pace(AT_ONCE);
    device.sequence(100);
    device.maxAge = 0;
    observe("a");
    device.nextRegistration();
    device.value = "2".getBytes(StandardCharsets.UTF_8);
    device.sequence(0);
    device.maxAge = 3600;
    device.nextRegistration();

    Notification news = told.poll(20, TimeUnit.SECONDS);
    while (news.kind() != Kind.RESTARTED) {
      assertThat(news.kind()).isEqualTo(Kind.CHANGED);
      news = told.poll(20, TimeUnit.SECONDS);
    }
    assertThat(news.response().body()).isEqualTo("2");
    device.notifyValue("3", false, 3600);
    do {
      news = next(Kind.CHANGED);
    } while (!news.response().body().equals("3"));
  }

  @Test
  void deviceThatCountsAnewEachTimeItIsAsked_isNotRestartedEachTime() throws Exception {
    pace(AT_ONCE);
    device.maxAge = 0;
    device.sequence(100);
    observe("a");
    device.nextRegistration();
    device.sequence(50);
    device.nextRegistration();
    device.nextRegistration();
    device.sequence(20);
    device.nextRegistration();
    device.nextRegistration();
    // In this order: a registration between the two would be the last one with the old value.
    device.value = "2".getBytes(StandardCharsets.UTF_8);
    device.maxAge = 3600;

    int restarts = 0;
    Notification news;
    do {
      news = told.poll(20, TimeUnit.SECONDS);
      restarts += news.kind() == Kind.RESTARTED ? 1 : 0;
    } while (!news.response().body().equals("2"));
    assertThat(restarts).isEqualTo(1);
  }

  @Test
  void deviceThatIsGoneWhenTheRegistrationIsRepeated_isLost() throws Exception {
    pace(AT_ONCE);
    device.maxAge = 0;
    device.resets = true;
    observe("a");

    Notification news = next(Kind.LOST);
    assertThat(news.response().problem().type()).isEqualTo("bad-answer");
  }

  @Test
  void deviceThatObservesNoMore_endsIt() throws Exception {
    pace(AT_ONCE);
    device.maxAge = 0;
    device.observableOnce = true;
    observe("a");

    Notification news = next(Kind.ENDED);
    assertThat(news.response().status()).isEqualTo(Status.OK);
    assertThat(news.response().headers().get("Observe")).isEmpty();
  }

  @Test
  void requestWhileObserving_getsItsOwnAnswer() throws Exception {
    observe("a");
    assertThat(gateway.get(device.config(), "/other").body()).isEqualTo("1");

    device.notifyValue("2", true, 60);
    assertThat(next(Kind.CHANGED).response().body()).isEqualTo("2");
  }

  static Response plain(String json) {
    return TestDevice.content(ContentFormat.JSON, json.getBytes(StandardCharsets.UTF_8));
  }
}
