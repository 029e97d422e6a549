package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.config.Configuration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

/** A CoAP server for a test, with a script in the place of the gateway's own device. */
final class OwnServer implements BeforeEachCallback, AfterEachCallback {
  static final DeviceId GATEWAY = new DeviceId("0b8a5b4e-3c3e-4d52-9a53-2a3bba3f1a10");
  static final int MAX_BODY = 100_000;

  /** Who sends from this machine. */
  static final IdentityConfig.Source LOOPBACK =
      new IdentityConfig.Source(AddressPrefix.parse("127.0.0.0/8"));

  static final String LINKS = "[{\"href\":\"/oic/d\"}]";

  /** What the own device was asked. */
  final List<OwnRequest> asked = new CopyOnWriteArrayList<>();

  /** The names of the subscriptions to devices, in the order in which they were made. */
  final BlockingQueue<String> subscriptions = new LinkedBlockingQueue<>();

  /** Those that ended. */
  final BlockingQueue<String> forgotten = new LinkedBlockingQueue<>();

  private Vertx vertx;
  private CoapEndpoint client;
  private String deployment;

  /** After which an observer has to confirm its interest. */
  Duration silence = Duration.ofHours(1);

  private OwnEndpoints endpoints;
  private volatile Function<OwnRequest, Future<CrudnResponse>> script;

  @Override
  public void beforeEach(ExtensionContext test) throws Exception {
    vertx = Vertx.vertx();
    Contracts.register(vertx);
    Contracts.OWN_DEVICE.serve(
        vertx.eventBus(),
        Contracts.HOME,
        request -> {
          asked.add(request);
          return script.apply(request);
        });
    Contracts.OBSERVE_OWN.serve(
        vertx.eventBus(),
        Contracts.HOME,
        wish -> {
          subscriptions.add(wish.subscription());
          asked.add(wish.ask());
          return script.apply(wish.ask());
        });
    Contracts.FORGET_OWN.serve(
        vertx.eventBus(),
        Contracts.HOME,
        end -> {
          forgotten.add(end.observation());
          return Future.succeededFuture(new Done());
        });
    answers(request -> ok(LINKS));
    client = client(null);
  }

  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    client.destroy();
    await(vertx.close());
  }

  /** An endpoint of a client on loopback, with an own connector or a plain one. */
  static CoapEndpoint client(org.eclipse.californium.elements.Connector connector)
      throws Exception {
    CoapEndpoint.Builder builder =
        new CoapEndpoint.Builder()
            .setConfiguration(clientConfiguration())
            .setOptionRegistry(OcfOption.REGISTRY);
    if (connector == null) {
      builder.setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } else {
      builder.setConnector(connector);
    }
    CoapEndpoint endpoint = builder.build();
    endpoint.start();
    return endpoint;
  }

  static Configuration clientConfiguration() {
    return Configuration.createStandardWithoutFile()
        .set(org.eclipse.californium.core.config.CoapConfig.MAX_RESOURCE_BODY_SIZE, 1 << 20)
        .set(
            org.eclipse.californium.core.config.CoapConfig.RESPONSE_MATCHING,
            org.eclipse.californium.core.config.CoapConfig.MatcherMode.RELAXED);
  }

  static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  void answers(Function<OwnRequest, CrudnResponse> answer) {
    answersLater(request -> Future.succeededFuture(answer.apply(request)));
  }

  void answersLater(Function<OwnRequest, Future<CrudnResponse>> answer) {
    script = answer;
  }

  static CrudnResponse ok(String body) {
    return CrudnResponse.answered(Status.OK, Headers.NONE, body);
  }

  static IdentityConfig identity(String name, IdentityConfig.Proof proof) {
    return new IdentityConfig(name, null, Set.of(Right.READ), proof);
  }

  /** A plain server on loopback. */
  void start(IdentityConfig... identities) throws Exception {
    start(plain(identities));
  }

  static CoapServerConfig plain(IdentityConfig... identities) {
    return new CoapServerConfig(
        "127.0.0.1",
        0,
        CoapServerConfig.NONE,
        List.of(),
        null,
        null,
        null,
        List.of(identities),
        10,
        List.of(),
        List.of());
  }

  /** The same as if loopback were far away. */
  static CoapServerConfig foreign(IdentityConfig... identities) {
    CoapServerConfig near = plain(identities);
    return new CoapServerConfig(
        near.host(),
        near.port(),
        near.securePort(),
        near.interfaces(),
        null,
        null,
        null,
        near.identities(),
        near.devicesPerIdentity(),
        near.publishPrefixes(),
        List.of(AddressPrefix.parse("192.0.2.0/24")));
  }

  OwnEndpoints start(CoapServerConfig server) throws Exception {
    return start(server, Duration.ofSeconds(2), () -> 1, DeviceAddress.DEFAULT_PORT);
  }

  OwnEndpoints start(
      CoapServerConfig server, Duration ackTimeout, LongSupplier leisure, int groupPort)
      throws Exception {
    CoapConfig config = new CoapConfig("127.0.0.1", 1, 1, ackTimeout, 4, 1024, MAX_BODY, server);
    Promise<OwnEndpoints> promise = Promise.promise();
    deployment =
        await(
            vertx.deployVerticle(
                new CoapServerVerticle(
                    config,
                    GATEWAY,
                    Duration.ofSeconds(5),
                    promise,
                    // Californium's OSCORE reads no sequence number of more than 31 bits.
                    new CoapServerVerticle.Surroundings(
                        leisure, groupPort, () -> OscoreSequence.EPOCH + 1000, null, silence))));
    endpoints = await(promise.future());
    return endpoints;
  }

  void stop() throws Exception {
    await(vertx.undeploy(deployment));
  }

  Vertx vertx() {
    return vertx;
  }

  CoapEndpoint client() {
    return client;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoints.port());
  }

  InetSocketAddress secureAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoints.securePort());
  }

  /** A request that may be changed before it is sent. */
  static Request request(Code code, String path) {
    Request request = new Request(code);
    request.setURI("coap://127.0.0.1" + path);
    return request;
  }

  static Request get(String path) {
    return request(Code.GET, path);
  }

  Response send(Request request) throws Exception {
    return send(client, request, address());
  }

  static Response send(CoapEndpoint from, Request request, InetSocketAddress to) throws Exception {
    request.setDestinationContext(new AddressEndpointContext(to));
    from.sendRequest(request);
    return request.waitForResponse(10_000);
  }

  /** Sends, and collects every answer; an error is told in its place. */
  static BlockingQueue<Object> collect(CoapEndpoint from, Request request, InetSocketAddress to) {
    BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    request.setDestinationContext(new AddressEndpointContext(to));
    request.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onResponse(Response response) {
            answers.add(response);
          }

          @Override
          public void onSendError(Throwable error) {
            answers.add(error);
          }
        });
    from.addNotificationListener(
        (observed, response) -> {
          if (observed.getToken().equals(request.getToken())) {
            answers.add(response);
          }
        });
    from.sendRequest(request);
    return answers;
  }

  /** Waits for what another thread is about to do. */
  static void until(java.util.function.BooleanSupplier condition) {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begun > Duration.ofSeconds(20).toNanos()) {
        throw new AssertionError("it never came true");
      }
      Thread.onSpinWait();
    }
  }

  static String json(Response response) throws BadCborException {
    return CborReader.toJson(response.getPayload());
  }

  static CoapServerConfig with(CoapServerConfig base, int securePort, List<String> interfaces) {
    return new CoapServerConfig(
        base.host(),
        base.port(),
        securePort,
        interfaces,
        base.certificate(),
        base.key(),
        base.trust(),
        base.identities(),
        base.devicesPerIdentity(),
        base.publishPrefixes(),
        List.<AddressPrefix>of());
  }
}
