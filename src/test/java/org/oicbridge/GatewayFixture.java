package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.DeviceQuery;
import org.oicbridge.bus.OwnEndpoints;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.config.GatewayConfig;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.OicResource;

/** A whole gateway in the test's process, and a caller of its HTTP API. */
public final class GatewayFixture implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 90;

  private final Vertx vertx = Vertx.vertx(Gateway.vertxOptions());
  private final Map<String, Promise<Void>> accounts = new ConcurrentHashMap<>();
  private final Map<String, Jid> own = new ConcurrentHashMap<>();
  private final Map<DeviceId, Promise<Void>> online = new ConcurrentHashMap<>();
  private final Map<String, Promise<Void>> peers = new ConcurrentHashMap<>();
  private final Map<DeviceId, Promise<String>> down = new ConcurrentHashMap<>();
  private final Promise<Void> found = Promise.promise();
  private final Queue<SessionEvent> ended = new ConcurrentLinkedQueue<>();
  private final Gateway gateway;
  private final WebClient client;
  private String token;

  private GatewayFixture(GatewayConfig config) {
    gateway = new Gateway(vertx, config);
    for (int shard = 0; shard < gateway.shards(); shard++) {
      Contracts.SESSION.listen(vertx.eventBus(), shard, this::sessionChanged);
      Contracts.PRESENCE.listen(
          vertx.eventBus(),
          shard,
          presence ->
              peers
                  .computeIfAbsent(presence.peer().toString(), key -> Promise.promise())
                  .tryComplete());
    }
    Contracts.FOUND.listen(vertx.eventBus(), Contracts.HOME, device -> found.tryComplete());
    await(gateway.start());
    // As many calls at the same time as any test has that lets them wait.
    client = WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(64));
  }

  /** What the API answered. */
  public record Answer(int status, String type, String text, Map<String, String> headers) {
    public JsonObject json() {
      return new JsonObject(text);
    }

    public JsonArray jsonArray() {
      return new JsonArray(text);
    }
  }

  /**
   * Starts a gateway; {@code data.dir} is set for it, and {@code http} and {@code coap} if absent.
   */
  public static GatewayFixture start(java.nio.file.Path data, String yaml) {
    String own = "data: {dir: \"" + data + "\"}\n";
    own += yaml.contains("http:") ? "" : "http: {port: 0}\n";
    own += yaml.contains("coap:\n") ? "" : "coap: {host: 127.0.0.1}\n";
    return new GatewayFixture(GatewayConfig.parse(own + yaml, name -> null));
  }

  /** Calls the API with a bearer token from now on. */
  public GatewayFixture withToken(String bearer) {
    token = bearer;
    return this;
  }

  private void sessionChanged(SessionEvent event) {
    DeviceId id = event.jid().oic().map(OicResource::id).orElseThrow();
    if (event.state() == SessionEvent.State.ONLINE) {
      if (event.role() == SessionRole.GATEWAY) {
        own.put(event.jid().bare().toString(), event.jid());
        accounts
            .computeIfAbsent(event.jid().bare().toString(), key -> Promise.promise())
            .tryComplete();
      }
      online.computeIfAbsent(id, key -> Promise.promise()).tryComplete();
    } else {
      ended.add(event);
      down.computeIfAbsent(id, key -> Promise.promise()).tryComplete(event.reason());
    }
  }

  public Vertx vertx() {
    return vertx;
  }

  /** Where the HTTP API is. */
  public String url() {
    return gateway.url();
  }

  /** Where the gateway serves CoAP. */
  public OwnEndpoints endpoints() {
    return gateway.endpoints();
  }

  /** The gateway's own identifier. */
  public String gatewayId() {
    return gateway.id().text();
  }

  /**
   * Waits until the routers know what was heard here: an event comes to one listener after the
   * other. The first answer shows that a shard's loop has left the turn in which it told the event,
   * the second that it has been through what was waiting then.
   */
  private void settle() {
    DeviceQuery query = new DeviceQuery(null, null, null, null, null, null, 1);
    for (int turn = 0; turn < 2; turn++) {
      for (int shard = 0; shard < gateway.shards(); shard++) {
        Deadline deadline = Deadline.in(Duration.ofSeconds(PATIENCE_SECONDS));
        await(Contracts.DEVICES.request(vertx.eventBus(), shard, query, deadline));
      }
    }
  }

  /** Waits until the session of each of these devices has been online once. */
  public GatewayFixture awaitOnline(String... ids) {
    for (String id : ids) {
      await(online.computeIfAbsent(new DeviceId(id), key -> Promise.promise()).future());
    }
    settle();
    return this;
  }

  /** Waits until the gateway's own session on each of these accounts has been online once. */
  public GatewayFixture awaitAccounts(String... bareJids) {
    for (String jid : bareJids) {
      await(accounts.computeIfAbsent(jid, key -> Promise.promise()).future());
    }
    settle();
    return this;
  }

  /** The full JID of the gateway's own session on an account, once it has been online. */
  public Jid gatewaySession(String bareJid) {
    return own.get(bareJid);
  }

  /** Waits until the presence of this full JID has been seen once. */
  public GatewayFixture awaitPeer(String fullJid) {
    await(peers.computeIfAbsent(fullJid, key -> Promise.promise()).future());
    settle();
    return this;
  }

  /** Waits until some device has answered to discovery. */
  public GatewayFixture awaitFound() {
    await(found.future());
    settle();
    return this;
  }

  /** Waits until the session of this device went down or was refused once, and tells why. */
  public String awaitDown(String id) {
    return await(down.computeIfAbsent(new DeviceId(id), key -> Promise.promise()).future());
  }

  /** Asks until a device answers: its session may be up before the gateway's own has seen it. */
  public Answer awaitAnswer(String path) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Answer answer = get(path);
    while (answer.status() == 503 && System.nanoTime() - deadline < 0) {
      await(vertx.timer(50, TimeUnit.MILLISECONDS));
      answer = get(path);
    }
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  /** The sessions that went down or were refused so far, each as often as it did. */
  public List<SessionEvent> ended() {
    return List.copyOf(ended);
  }

  public Answer get(String path) {
    return call(HttpMethod.GET, path, null);
  }

  public Answer post(String path, String json) {
    return call(HttpMethod.POST, path, json);
  }

  public Answer put(String path, String json) {
    return call(HttpMethod.PUT, path, json);
  }

  public Answer delete(String path) {
    return call(HttpMethod.DELETE, path, null);
  }

  public Answer call(HttpMethod method, String path, String json, String... headers) {
    return await(send(method, path, json, headers));
  }

  /** Calls without waiting. */
  public Future<Answer> send(HttpMethod method, String path, String json, String... headers) {
    HttpRequest<Buffer> request = client.requestAbs(method, gateway.url() + path);
    if (token != null) {
      request.bearerTokenAuthentication(token);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.putHeader(headers[i], headers[i + 1]);
    }
    Future<HttpResponse<Buffer>> response =
        json == null
            ? request.send()
            : request.putHeader("Content-Type", "application/json").sendBuffer(Buffer.buffer(json));
    return response.map(GatewayFixture::answer);
  }

  private static Answer answer(HttpResponse<Buffer> response) {
    Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    response.headers().forEach(headers::put);
    String text = response.bodyAsString();
    return new Answer(
        response.statusCode(), headers.get("Content-Type"), text == null ? "" : text, headers);
  }

  public static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | InterruptedException | java.util.concurrent.ExecutionException e) {
      throw new AssertionError("gave up after " + PATIENCE_SECONDS + " s", e);
    }
  }

  @Override
  public void close() {
    client.close();
    await(gateway.stop());
    await(vertx.close());
  }
}
