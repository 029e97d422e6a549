package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceLiveness;
import org.oicbridge.bus.DeviceRequest;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.HostDevices;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.ObserveDevice;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.ProbeConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;

/** A CoAP verticle for a test, and the ways to ask it. */
final class CoapGateway implements BeforeEachCallback, AfterEachCallback {
  private static final Jid ACCOUNT = Jid.parse("john@example.org");
  static final byte[] LIGHT = HexFormat.of().parseHex("a16576616c7565f5");
  static final String LIGHT_JSON = "{\"value\":true}";
  static final int MAX_BODY = 300_000;

  private Vertx vertx;
  private String deployment;
  private MessageConsumer<Notification> listening;

  @Override
  public void beforeEach(ExtensionContext test) throws Exception {
    start();
  }

  private void start() throws Exception {
    restart(Vertx.vertx());
  }

  /** Starts over with another Vert.x instance. */
  void restart(Vertx other) throws Exception {
    if (vertx != null) {
      await(vertx.close());
    }
    vertx = other;
    deployment = null;
    deploy(1, 2);
  }

  void undeploy() throws Exception {
    await(vertx.undeploy(deployment));
  }

  void deploy(int nstart, int queue) throws Exception {
    deploy(
        new CoapConfig("127.0.0.1", nstart, queue, Duration.ofSeconds(2), 4, 1024, MAX_BODY, null));
  }

  void deploy(CoapConfig config) throws Exception {
    if (deployment == null) {
      Contracts.register(vertx);
    } else {
      await(vertx.undeploy(deployment));
    }
    deployment = await(vertx.deployVerticle(new CoapVerticle(3, config, 1000)));
  }

  /** Starts over with probes. */
  void deploy(ProbeConfig probe) throws Exception {
    deploy(
        new CoapConfig("127.0.0.1", 1, 2, Duration.ofSeconds(2), 4, 1024, MAX_BODY, null)
            .probing(probe));
  }

  /** Hosts a device on an account. */
  void watch(Jid account, HostedDevice device) {
    Contracts.WATCH_DEVICES.publish(vertx.eventBus(), 3, new HostDevices(account, List.of(device)));
  }

  /** Listens to which devices answer. */
  void listenLiveness(Consumer<DeviceLiveness> listener) {
    Contracts.DEVICE_LIVENESS.listen(vertx.eventBus(), 3, listener);
  }

  /** Starts over with another patience for observations that are silent. */
  void deploy(RenewalPace pace) throws Exception {
    await(vertx.undeploy(deployment));
    CoapConfig config =
        new CoapConfig("127.0.0.1", 1, 2, Duration.ofSeconds(2), 4, 1024, MAX_BODY, null);
    deployment = await(vertx.deployVerticle(new CoapVerticle(3, config, 1000, pace)));
  }

  /** Listens to what is told of observations, in the place of who did so before. */
  void listen(Consumer<Notification> listener) throws Exception {
    if (listening != null) {
      await(listening.unregister());
    }
    listening = Contracts.OBSERVED.listen(vertx.eventBus(), 3, listener);
  }

  Future<CrudnResponse> observe(HostedDevice device, String path, String name) {
    DeviceRequest ask =
        new DeviceRequest(device, request(device, path, Headers.of("Observe", "0")));
    return Contracts.OBSERVE_DEVICE.request(
        vertx.eventBus(), 3, new ObserveDevice(ask, name), Deadline.in(Duration.ofSeconds(20)));
  }

  Future<Done> forget(String name) {
    return Contracts.FORGET_DEVICE.request(
        vertx.eventBus(), 3, new ForgetObservation(name), Deadline.in(Duration.ofSeconds(20)));
  }

  private static CrudnRequest request(HostedDevice device, String path, Headers headers) {
    return new CrudnRequest(
        ACCOUNT,
        device.di(),
        Operation.RETRIEVE,
        ResourcePath.parse(path),
        headers,
        null,
        ACCOUNT,
        CrudnRequest.Via.SHORTEST,
        Deadline.in(Duration.ofSeconds(10)));
  }

  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    await(vertx.close());
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  Future<CrudnResponse> send(
      HostedDevice device, Operation operation, String path, String body, Duration deadline) {
    return send(device, operation, path, Headers.NONE, body, deadline);
  }

  Future<CrudnResponse> send(
      HostedDevice device,
      Operation operation,
      String path,
      Headers headers,
      String body,
      Duration wait) {
    CrudnRequest request =
        new CrudnRequest(
            ACCOUNT,
            device.di(),
            operation,
            ResourcePath.parse(path),
            headers,
            body,
            ACCOUNT,
            CrudnRequest.Via.SHORTEST,
            Deadline.in(wait));
    return Contracts.DEVICE.request(
        vertx.eventBus(), 3, new DeviceRequest(device, request), Deadline.in(wait.plusSeconds(10)));
  }

  CrudnResponse ask(HostedDevice device, Operation operation, String path, String body)
      throws Exception {
    return await(send(device, operation, path, body, Duration.ofSeconds(10)));
  }

  CrudnResponse get(HostedDevice device, String path) throws Exception {
    return ask(device, Operation.RETRIEVE, path, null);
  }

  static void assertProblem(CrudnResponse response, Status status, String type) {
    assertThat(response.problem()).as("%s", response).isNotNull();
    assertThat(response.problem().type()).isEqualTo(type);
    assertThat(response.status()).isEqualTo(status);
    assertThat(response.body()).isNull();
  }

  static Response light(Request request) {
    return TestDevice.content(
        Math.max(request.getOptions().getAccept(), ContentFormat.CBOR), LIGHT);
  }

  static int packetsUntilQuiet(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(900);
    for (int count = 0; ; count++) {
      try {
        socket.receive(new DatagramPacket(new byte[2048], 2048));
      } catch (SocketTimeoutException e) {
        return count;
      }
    }
  }

  static DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    socket.setSoTimeout(10_000);
    socket.receive(packet);
    return packet;
  }

  static byte[] bytes(DatagramPacket packet) {
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  static void reply(DatagramSocket socket, DatagramPacket to, UnaryOperator<byte[]> answer)
      throws IOException {
    byte[] bytes = answer.apply(bytes(to));
    socket.send(new DatagramPacket(bytes, bytes.length, to.getSocketAddress()));
  }

  /** A piggybacked answer with a code in hex, and the token of the request. */
  static UnaryOperator<byte[]> ack(String code) {
    return asked -> {
      byte[] answer = Arrays.copyOf(asked, 4 + (asked[0] & 15));
      answer[0] = (byte) (0x60 | (asked[0] & 15));
      answer[1] = HexFormat.of().parseHex(code)[0];
      return answer;
    };
  }
}
