package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.GatewayFixture.Answer;

/** Devices that misbehave, seen from the HTTP API, and those beside them that do not. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DeviceFaultsIT {
  private static final String GOOD = "aaaaaaaa-0000-4000-8000-000000000021";
  private static final String SLOW = "aaaaaaaa-0000-4000-8000-000000000022";
  private static final String SILENT = "aaaaaaaa-0000-4000-8000-000000000023";
  private static final String GARBAGE = "aaaaaaaa-0000-4000-8000-000000000024";

  @TempDir Path data;

  private final CompletableFuture<CoapExchange> held = new CompletableFuture<>();
  private PlainDevice good;
  private PlainDevice slow;
  private DatagramSocket silent;
  private DatagramSocket garbage;
  private GatewayFixture gateway;

  @BeforeEach
  void start() throws SocketException {
    good =
        PlainDevice.start(
            resource(
                "value",
                exchange ->
                    exchange.respond(
                        ResponseCode.CONTENT, "1", MediaTypeRegistry.APPLICATION_JSON)),
            resource("empty", exchange -> exchange.respond(ResponseCode.CONTENT)));
    slow =
        PlainDevice.start(
            resource(
                "value",
                exchange -> {
                  exchange.accept();
                  held.complete(exchange);
                }));
    silent = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    garbage = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread answering = new Thread(this::answerGarbage, "garbage-device");
    answering.setDaemon(true);
    answering.start();
    gateway =
        GatewayFixture.start(
            data,
            // A probe that is under way would hold back the request that is looked at.
            """
            coap:
              host: 127.0.0.1
              probe: {interval: 0}
            accounts:
              - jid: home@localhost
                password: home
                address: 127.0.0.1
                port: 1
                tls: none
                devices:
                  - {di: %s, endpoint: "%s"}
                  - {di: %s, endpoint: "%s"}
                  - {di: %s, endpoint: "coap://127.0.0.1:%d"}
                  - {di: %s, endpoint: "coap://127.0.0.1:%d"}
            """
                .formatted(
                    GOOD,
                    good.endpoint(),
                    SLOW,
                    slow.endpoint(),
                    SILENT,
                    silent.getLocalPort(),
                    GARBAGE,
                    garbage.getLocalPort()));
  }

  @AfterEach
  void stop() {
    gateway.close();
    good.close();
    slow.close();
    silent.close();
    garbage.close();
  }

  private static CoapResource resource(String name, Consumer<CoapExchange> get) {
    return new CoapResource(name) {
      @Override
      public void handleGET(CoapExchange exchange) {
        get.accept(exchange);
      }
    };
  }

  /** Acknowledges with a 2.05 whose CBOR payload ends in the middle of a map. */
  private void answerGarbage() {
    byte[] packet = new byte[2048];
    try {
      while (true) {
        DatagramPacket request = new DatagramPacket(packet, packet.length);
        garbage.receive(request);
        int token = packet[0] & 0x0f;
        byte[] answer = new byte[4 + token + 4];
        System.arraycopy(packet, 0, answer, 0, 4 + token);
        answer[0] = (byte) (0x60 | token);
        answer[1] = 0x45;
        answer[4 + token] = (byte) 0xc1;
        answer[5 + token] = 60;
        answer[6 + token] = (byte) 0xff;
        answer[7 + token] = (byte) 0xbf;
        garbage.send(new DatagramPacket(answer, answer.length, request.getSocketAddress()));
      }
    } catch (IOException e) {
      assertThat(garbage.isClosed()).isTrue();
    }
  }

  private Future<Answer> retrieve(String di, String path) {
    return gateway.send(
        HttpMethod.GET, "/api/v1/devices/" + di + "/resources" + path, null, "Prefer", "wait=2");
  }

  @Test
  void devices_thatFailAreToldApartAndTheOthersAreServedMeanwhile() {
    Future<Answer> slowAnswer = retrieve(SLOW, "/value");
    Future<Answer> silentAnswer = retrieve(SILENT, "/value");
    Future<Answer> garbageAnswer = retrieve(GARBAGE, "/value");

    assertThat(GatewayFixture.await(retrieve(GOOD, "/value")).text()).isEqualTo("1");
    assertThat(slowAnswer.isComplete() || silentAnswer.isComplete()).isFalse();

    assertProblem(garbageAnswer, 502, GARBAGE);
    assertProblem(silentAnswer, 504, SILENT);
    assertProblem(slowAnswer, 504, SLOW);
    assertThat(held).as("the slow device had taken the request").isCompleted();
    assertThat(GatewayFixture.await(retrieve(GOOD, "/value")).status()).isEqualTo(200);
  }

  @Test
  void contentWithoutPayload_isAnAnswerWithoutBody() {
    Answer answer = GatewayFixture.await(retrieve(GOOD, "/empty"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEmpty();
  }

  private static void assertProblem(Future<Answer> future, int status, String device) {
    Answer answer = GatewayFixture.await(future);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.type()).startsWith("application/problem+json");
    assertThat(answer.json().getString("device")).isEqualTo(device);
  }
}
