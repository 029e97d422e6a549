package org.oicbridge.measure;

import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.SmackStream;
import org.oicbridge.peers.StanzaKind;
import org.oicbridge.peers.TlsMode;

/**
 * Remote devices and clients, played by Smack: each logs in, is asked by the gateway, asks a device
 * of the gateway, and goes, now and then without a word.
 */
final class SoakPeers {
  private static final int AT_ONCE = 3;
  private static final int BLOCK = 4096;
  private static final Duration ANSWER = Duration.ofSeconds(12);
  private static final String CONTENT =
      "<rest xmlns=\"rest.oic.org\"><url method=\"Response\">200 OK</url><body>"
          + "<json xmlns=\"urn:xmpp:json:0\">{\"value\":1}</json></body></rest>";

  private final Api api;
  private final Fleet fleet;
  private final int configured;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, Long> outcomes = new TreeMap<>();
  private volatile boolean over;

  SoakPeers(Api api, Fleet fleet, int configured) {
    this.api = api;
    this.fleet = fleet;
    this.configured = configured;
  }

  void start(long seed) {
    for (int i = 0; i < AT_ONCE; i++) {
      Random random = new Random(seed + i);
      Thread thread = new Thread(() -> run(random), "peer-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  void stop() throws InterruptedException {
    over = true;
    for (Thread thread : threads) {
      thread.join(TimeUnit.MINUTES.toMillis(1));
    }
  }

  private void run(Random random) {
    while (!over) {
      try {
        visit(random);
        count("visited");
      } catch (IllegalStateException | java.io.UncheckedIOException e) {
        // The server was away, or its connections were.
        count("failed");
        pause();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void visit(Random random) throws InterruptedException {
    String di = UUID.randomUUID().toString();
    int number = random.nextInt(configured);
    SmackLogin login =
        SmackLogin.at(
            fleet.server(),
            TlsMode.STARTTLS,
            Fleet.user(number % fleet.accounts()),
            Fleet.PASSWORD,
            "OIC/1.0/oic.d.light/" + di);
    try (SmackPeer peer = SmackPeer.login(login)) {
      peer.answer(BLOCK, request -> CONTENT);
      for (int i = 0; i < 4; i++) {
        TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(1500));
        Api.Answer answer = api.call(HttpMethod.GET, Api.resource(di, "value"), null).await();
        count("asked " + answer.status() + " " + answer.type());
      }
      String target = fleet.jid(number) + "/OIC/1.0/" + FleetDevice.RT + "/" + Fleet.di(number);
      SmackStream stream = peer.open(target, StanzaKind.MESSAGE, BLOCK);
      stream.write(
          "<rest xmlns=\"rest.oic.org\"><url method=\"Get\">coap://"
              + Fleet.di(number)
              + "/value</url></rest>");
      String answer = stream.readDocument(ANSWER);
      count(answer != null && answer.contains("200 OK") ? "answered" : "answered otherwise");
      if (random.nextBoolean()) {
        stream.close();
      }
      if (random.nextInt(3) == 0) {
        peer.cut();
      }
    }
  }

  private synchronized void count(String outcome) {
    outcomes.merge(outcome.strip(), 1L, Long::sum);
  }

  synchronized Map<String, Long> outcomes() {
    return new TreeMap<>(outcomes);
  }
}
