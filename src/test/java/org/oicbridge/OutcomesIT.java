package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.GatewayFixture.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.oicbridge.GatewayFixture.Answer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.TcpProxy;

/**
 * One gateway asks a device behind another one, through Prosody, and the connection of either is
 * cut at a random moment of each request: nothing is done twice, and every answer is true.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class OutcomesIT {
  private static final int REQUESTS = 100;

  /** Each waits for a login, and only their honesty is looked at. */
  private static final int REQUESTS_WITHOUT_RESUMPTION = 30;

  private static final String DI = "00000000-0000-4000-8000-00000000c0de";

  /** In milliseconds. */
  private static final int SLOWEST_ANSWER = 60;

  @TempDir Path nearData;
  @TempDir Path farData;

  private final Counter counter = new Counter();
  private PlainDevice device;
  private ProsodyPeer server;
  private TcpProxy nearLink;
  private TcpProxy farLink;
  private GatewayFixture near;
  private GatewayFixture far;

  @BeforeEach
  void startServer() {
    device = PlainDevice.start(counter);
    server = ProsodyPeer.start(ProsodyPeer.Options.asShipped());
    server.addUser("home", "correct horse");
    nearLink = TcpProxy.to(server.port());
    farLink = TcpProxy.to(server.port());
  }

  @AfterEach
  void stop() {
    near.close();
    far.close();
    nearLink.close();
    farLink.close();
    server.close();
    device.close();
  }

  private GatewayFixture gateway(Path data, TcpProxy link, boolean resumption, String devices) {
    return GatewayFixture.start(
        data,
        """
        xmpp:
          trust: "%s"
          streamManagement: %s
          reconnectBase: 0.05
          reconnectCeiling: 0.2
          loginsPerSecond: 0
        accounts:
          - jid: home@%s
            password: correct horse
            address: 127.0.0.1
            port: %d
        """
                .formatted(server.caFile(), resumption, server.domain(), link.port())
            + devices);
  }

  private void start(boolean resumption) {
    near = gateway(nearData, nearLink, resumption, "");
    near.awaitAccounts("home@" + server.domain());
    far =
        gateway(
            farData,
            farLink,
            resumption,
            "    devices:\n      - {di: %s, rt: oic.d.sensor, endpoint: \"%s\"}\n"
                .formatted(DI, device.endpoint()));
    far.awaitOnline(DI);
    near.awaitPeer("home@" + server.domain() + "/OIC/1.0/oic.d.sensor/" + DI);
    awaitDevice();
  }

  private static String path() {
    return "/api/v1/devices/" + DI + "/resources/count";
  }

  /** Until the device answers, whatever is said before. */
  private void awaitDevice() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Answer answer = near.call(HttpMethod.GET, path(), null, "Prefer", "wait=2");
    while (answer.status() != 200) {
      assertThat(System.nanoTime()).as(answer.text()).isLessThan(end);
      answer = near.call(HttpMethod.GET, path(), null, "Prefer", "wait=2");
    }
  }

  /** Twice the milliseconds that a request takes here, so that some are through by then. */
  private int latestCut() {
    long began = System.nanoTime();
    int calls = 20;
    counter.delay = SLOWEST_ANSWER / 2;
    for (int call = 0; call < calls; call++) {
      assertThat(near.post(path(), "\"warm\"").status()).isEqualTo(204);
    }
    return (int) (2 * (System.nanoTime() - began) / calls / 1_000_000);
  }

  /** Something random, so that it is no waiting for a state. */
  private void pass(int millis) {
    Promise<Void> passed = Promise.promise();
    near.vertx().setTimer(1 + millis, id -> passed.complete());
    await(passed.future());
  }

  @ParameterizedTest(name = "{0} link, resumption {1}")
  @CsvSource({"near, true", "far, true", "near, false", "far, false"})
  void cutLink_executesNothingTwiceAndEveryAnswerIsTrue(String link, boolean resumption) {
    start(resumption);
    long seed = Long.getLong("outcomes.seed", System.nanoTime());
    Random random = new Random(seed);
    TcpProxy cut = link.equals("near") ? nearLink : farLink;
    int latest = latestCut();
    Map<Integer, Answer> answers = new HashMap<>();
    int requests = resumption ? REQUESTS : REQUESTS_WITHOUT_RESUMPTION;
    for (int number = 0; number < requests; number++) {
      counter.delay = random.nextInt(SLOWEST_ANSWER);
      Future<Answer> answer =
          near.send(HttpMethod.POST, path(), String.valueOf(number), "Prefer", "wait=10");
      pass(random.nextInt(latest));
      cut.cut();
      cut.heal();
      answers.put(number, await(answer));
      if (!resumption) {
        awaitDevice();
      }
    }
    // What was answered before may still be on its way; after this nothing is.
    awaitDevice();

    Map<String, Integer> figures = new TreeMap<>();
    answers.forEach((number, answer) -> figures.merge(check(number, answer), 1, Integer::sum));
    System.out.printf(
        "%s link cut within %d ms, resumption %s, seed %d: %s%n",
        link, latest, resumption, seed, figures);
    if (resumption) {
      assertThat(figures.getOrDefault("done", 0)).isGreaterThanOrEqualTo(95);
    }
  }

  /** Holds an answer against the device; the kind of answer, with what really happened. */
  private String check(int number, Answer answer) {
    int executed = counter.executed(number);
    assertThat(executed).as("request %s", number).isBetween(0, 1);
    if (answer.status() < 300) {
      assertThat(executed).as("request %s: %s", number, answer.status()).isEqualTo(1);
      return "done";
    }
    String outcome = answer.json().getString("outcome");
    assertThat(answer.status()).as(answer.text()).isIn(503, 504);
    assertThat(outcome).as(answer.text()).isIn("not-sent", "unknown");
    if (outcome.equals("not-sent")) {
      assertThat(executed).as("request %s: %s", number, answer.text()).isZero();
      return "not sent";
    }
    return executed == 1 ? "unknown, was done" : "unknown, was not done";
  }

  /** Counts the numbers that it is sent, and takes its time to answer. */
  private static final class Counter extends CoapResource {
    private final Map<String, AtomicInteger> executed = new ConcurrentHashMap<>();
    volatile int delay;

    Counter() {
      super("count");
    }

    int executed(int number) {
      AtomicInteger times = executed.get(String.valueOf(number));
      return times == null ? 0 : times.get();
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      exchange.respond(ResponseCode.CONTENT, "1", MediaTypeRegistry.APPLICATION_JSON);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      executed
          .computeIfAbsent(exchange.getRequestText(), key -> new AtomicInteger())
          .incrementAndGet();
      CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS)
          .execute(() -> exchange.respond(ResponseCode.CHANGED));
    }
  }
}
