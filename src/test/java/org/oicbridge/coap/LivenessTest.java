package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.bus.DeviceLiveness;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.coap.FickleDevice.Mood;
import org.oicbridge.config.ProbeConfig;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;

/** Whether a device answers is known within the time that the configuration says. */
@Timeout(60)
class LivenessTest {
  private static final Jid ACCOUNT = Jid.parse("john@example.org");
  private static final Jid OTHER = Jid.parse("jane@example.org");
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration INTERVAL = Duration.ofMillis(400);
  private static final Duration TIMEOUT = Duration.ofMillis(200);

  @RegisterExtension final CoapGateway gateway = new CoapGateway();

  private final BlockingQueue<DeviceLiveness> told = new LinkedBlockingQueue<>();
  private FickleDevice device;
  private HostedDevice hosted;

  @BeforeEach
  void start() {
    device = new FickleDevice();
    hosted = TestDevice.config(device.endpoint());
  }

  @AfterEach
  void stop() {
    device.close();
  }

  private void deploy(Duration interval, int attempts) throws Exception {
    gateway.deploy(new ProbeConfig(interval, attempts, TIMEOUT, 1000));
    gateway.listenLiveness(told::add);
  }

  private boolean next() throws InterruptedException {
    DeviceLiveness next = told.poll(10, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    assertThat(next.device()).isEqualTo(hosted);
    return next.answering();
  }

  private String nextAsked() throws InterruptedException {
    return device.asked.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void device_thatFallsSilentAndComesBackIsTold() throws Exception {
    deploy(INTERVAL, 3);
    gateway.watch(ACCOUNT, hosted);
    assertThat(next()).isTrue();

    device.mood = Mood.NOTHING;
    long began = System.nanoTime();
    assertThat(next()).isFalse();
    long millis = (System.nanoTime() - began) / 1_000_000;
    // Every probe is waited for; above there is only what a busy machine adds.
    assertThat(millis).isGreaterThanOrEqualTo(3 * TIMEOUT.toMillis());
    System.out.printf(
        "silent after %d ms, configured %d ms%n",
        millis, INTERVAL.toMillis() + 3 * TIMEOUT.toMillis());

    device.mood = Mood.ALL;
    assertThat(next()).isTrue();
    assertThat(told).isEmpty();
  }

  @Test
  void device_isNotSaidToAnswerBeforeItDid() throws Exception {
    device.mood = Mood.NOTHING;
    deploy(INTERVAL, 2);
    gateway.watch(ACCOUNT, hosted);
    assertThat(next()).isFalse();
    device.mood = Mood.ALL;
    assertThat(next()).isTrue();
  }

  @Test
  void device_thatKnowsNoPingsIsAskedForSomething() throws Exception {
    device.mood = Mood.REQUESTS;
    deploy(INTERVAL, 2);
    gateway.watch(ACCOUNT, hosted);
    assertThat(next()).isTrue();
    assertThat(nextAsked()).isEqualTo("ping");
    assertThat(nextAsked()).isEqualTo("request");
    // From then on it is spared the ping.
    assertThat(nextAsked()).isEqualTo("request");
    assertThat(nextAsked()).isEqualTo("request");
    assertThat(told).isEmpty();
  }

  @Test
  void request_thatIsNotAnsweredIsAProbeThatFailed() throws Exception {
    deploy(NEVER, 2);
    gateway.watch(ACCOUNT, hosted);
    assertThat(next()).isTrue();
    device.mood = Mood.NOTHING;
    var answer = gateway.send(hosted, Operation.RETRIEVE, "/light", null, Duration.ofMillis(300));
    assertThat(CoapGateway.await(answer).problem().type()).isEqualTo("device-silent");
    assertThat(next()).isFalse();

    // The probe that would find it again is an hour away; a request that it answers does so too.
    device.mood = Mood.ALL;
    gateway.get(hosted, "/light");
    assertThat(next()).isTrue();
  }

  @Test
  void request_underWayIsTheProbe() throws Exception {
    deploy(NEVER, 2);
    device.mood = Mood.NOTHING;
    var answer = gateway.send(hosted, Operation.RETRIEVE, "/light", null, Duration.ofSeconds(5));
    assertThat(nextAsked()).isEqualTo("request");
    gateway.watch(ACCOUNT, hosted);
    assertThat(next()).isFalse();
    // NSTART: one message at a time that the device has not acknowledged.
    assertThat(device.asked).isEmpty();
    assertThat(answer.isComplete()).isFalse();
  }

  @Test
  void acknowledgement_isAnAnswer() throws Exception {
    deploy(NEVER, 2);
    device.mood = Mood.ACKNOWLEDGES;
    gateway.watch(ACCOUNT, hosted);
    assertThat(next()).isTrue();
  }

  @Test
  void device_thatIsHostedAgainIsProbedAtOnce() throws Exception {
    device.mood = Mood.NOTHING;
    deploy(NEVER, 2);
    gateway.watch(ACCOUNT, hosted);
    assertThat(next()).isFalse();
    device.mood = Mood.ALL;
    gateway.watch(OTHER, hosted);
    DeviceLiveness known = told.poll(10, TimeUnit.SECONDS);
    assertThat(known).isEqualTo(new DeviceLiveness(OTHER, hosted, false));
    assertThat(next()).isTrue();
    assertThat(next()).isTrue();
  }

  @Test
  void device_answersWhenNobodyAsks() throws Exception {
    device.mood = Mood.NOTHING;
    deploy(Duration.ZERO, 2);
    gateway.watch(ACCOUNT, hosted);
    assertThat(next()).isTrue();
    assertThat(device.asked).isEmpty();
  }
}
