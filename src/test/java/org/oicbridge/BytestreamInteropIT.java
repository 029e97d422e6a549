package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.GatewayFixture.Answer;
import org.oicbridge.peers.ProsodyPeer;
import org.oicbridge.peers.SmackLogin;
import org.oicbridge.peers.SmackPeer;
import org.oicbridge.peers.SmackStream;
import org.oicbridge.peers.StanzaKind;
import org.oicbridge.peers.TlsMode;
import org.oicbridge.sandbox.SimulatedDevices;

/** Bytestreams between the gateway and Smack, in both roles, through Prosody with its limits on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class BytestreamInteropIT {
  private static final String LIGHT = "aaaaaaaa-0000-4000-8000-000000000011";
  private static final String BIG = "aaaaaaaa-0000-4000-8000-000000000012";
  private static final int BIG_SIZE = 200_000;
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration SHAPED = Duration.ofMinutes(2);

  @TempDir static Path data;

  private ProsodyPeer server;
  private SimulatedDevices simulated;
  private PlainDevice big;
  private GatewayFixture gateway;
  private SmackPeer smack;

  @BeforeAll
  void start() {
    server = ProsodyPeer.start(ProsodyPeer.Options.asShipped());
    server.addUser("home", "correct horse");
    simulated = SimulatedDevices.start("127.0.0.1", 0);
    big = PlainDevice.start(new BigResource());
    gateway =
        GatewayFixture.start(
            data,
            """
            xmpp: {trust: "%s"}
            accounts:
              - jid: home@%s
                password: correct horse
                address: 127.0.0.1
                port: %d
                devices:
                  - {di: %s, rt: oic.d.light, endpoint: "%s"}
                  - {di: %s, rt: oic.d.sensor, endpoint: "%s"}
            """
                .formatted(
                    server.caFile(),
                    server.domain(),
                    server.port(),
                    LIGHT,
                    simulated.devices().get(0).endpoint(),
                    BIG,
                    big.endpoint()));
    gateway.awaitOnline(LIGHT, BIG).awaitAccounts("home@" + server.domain());
    smack = login("OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000011");
  }

  @AfterAll
  void stop() {
    smack.close();
    gateway.close();
    big.close();
    simulated.stop();
    server.close();
  }

  private SmackPeer login(String resource) {
    return SmackPeer.login(
        SmackLogin.at(server, TlsMode.STARTTLS, "home", "correct horse", resource));
  }

  private String jid(String type, String di) {
    return "home@" + server.domain() + "/OIC/1.0/" + type + "/" + di;
  }

  private String light() {
    return jid("oic.d.light", LIGHT);
  }

  private static String get(String di, String path) {
    return "<rest xmlns=\"rest.oic.org\"><url method=\"Get\">coap://" + di + path + "</url></rest>";
  }

  private static final class BigResource extends CoapResource {
    BigResource() {
      super("big");
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      exchange.respond(
          org.eclipse.californium.core.coap.CoAP.ResponseCode.CONTENT,
          "\"" + "x".repeat(BIG_SIZE) + "\"",
          MediaTypeRegistry.APPLICATION_JSON);
    }
  }

  @ParameterizedTest
  @EnumSource(StanzaKind.class)
  void smack_getsTheAnswerToOneMessage(StanzaKind kind) {
    try (SmackStream stream = smack.open(light(), kind, 4096)) {
      stream.write(get(LIGHT, "/light"));
      assertThat(stream.readDocument(SOON))
          .startsWith("<rest xmlns=\"rest.oic.org\"><url method=\"RESPONSE\">200 OK</url>")
          .contains("<json xmlns=\"urn:xmpp:json:0\">{\"value\":");
    }
  }

  @Test
  void smack_getsThreeAnswersInOrderToThreeRequestsInOneBlock() {
    try (SmackStream stream = smack.open(light(), StanzaKind.MESSAGE, 4096)) {
      stream.write(get(LIGHT, "/light") + get(LIGHT, "/nothing") + get(LIGHT, "/dimming"));
      String all = "";
      while (all.lastIndexOf("dimmingSetting") < 0 && all.length() < 4096) {
        all += stream.readDocument(SOON);
      }
      assertThat(all)
          .containsSubsequence(
              "200 OK", "{\"value\":", "</rest>", "404 Not Found", "</rest>", "200 OK", "dimming");
    }
  }

  @Test
  void smack_thatEncodesTwiceIsAnsweredAlike() {
    try (SmackStream stream = smack.open(light(), StanzaKind.MESSAGE, 4096)) {
      stream.write(
          Base64.getEncoder().encode(get(LIGHT, "/light").getBytes(StandardCharsets.UTF_8)));
      byte[] start = stream.read(8, SOON);
      assertThat(new String(Base64.getDecoder().decode(start), StandardCharsets.UTF_8))
          .isEqualTo("<rest ");
    }
  }

  @Test
  void smack_getsALargeAnswerInBlocks() {
    try (SmackStream stream = smack.open(jid("oic.d.sensor", BIG), StanzaKind.MESSAGE, 8192)) {
      stream.write(get(BIG, "/big"));
      String answer = stream.readDocument(SHAPED);
      assertThat(answer).contains("200 OK").endsWith("</json></body></rest>");
      assertThat(answer.chars().filter(c -> c == 'x').count()).isGreaterThanOrEqualTo(BIG_SIZE);
    }
  }

  @Test
  void gateway_getsALargeAnswerThroughTheShapedServer() {
    Answer answer =
        gateway.call(
            HttpMethod.GET,
            "/api/v1/devices/" + BIG + "/resources/big?via=xmpp",
            null,
            "Prefer",
            "wait=120");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).hasSize(BIG_SIZE + 2);
  }

  @Test
  void gateway_asksAPeerWhoseBlocksAreSmall() {
    String di = "dddddddd-0000-4000-8000-000000000001";
    try (SmackPeer device = login("OIC/1.0/oic.d.fan/" + di)) {
      device.answer(
          4096,
          request ->
              "<rest xmlns=\"rest.oic.org\"><url method=\"Response\">200 OK</url><body>"
                  + "<json xmlns=\"urn:xmpp:json:0\">{\"length\":"
                  + request.length()
                  + "}</json></body></rest>");
      gateway.awaitPeer(device.jid());
      String text = "y".repeat(6000);
      Answer answer =
          gateway.post("/api/v1/devices/" + di + "/resources/fan", "{\"text\":\"" + text + "\"}");
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.json().getInteger("length")).isGreaterThan(6000);
    }
  }

  @Test
  void gateway_givesUpOnAPeerThatNeverAnswersAndServesTheNextRequest() {
    String di = "dddddddd-0000-4000-8000-000000000002";
    String path = "/api/v1/devices/" + di + "/resources/fan";
    try (SmackPeer device = login("OIC/1.0/oic.d.fan/" + di)) {
      device.accept(65_535);
      gateway.awaitPeer(device.jid());
      Answer silent = gateway.call(HttpMethod.GET, path, null, "Prefer", "wait=1");
      assertThat(silent.status()).isEqualTo(504);
      assertThat(silent.type()).startsWith("application/problem+json");
      SmackStream stream = device.nextAccepted(SOON);
      assertThat(stream.readDocument(SOON)).contains("<url method=\"GET\">");
      assertThat(stream.readDocument(SOON)).as("the stream is closed").isNull();

      Future<Answer> next = gateway.send(HttpMethod.GET, path, null);
      SmackStream second = device.nextAccepted(SOON);
      assertThat(second.readDocument(SOON)).contains("<url method=\"GET\">");
      second.write(
          "<rest xmlns=\"rest.oic.org\"><url method=\"RESPONSE\">204 No Content</url></rest>");
      assertThat(GatewayFixture.await(next).status()).isEqualTo(204);
    }
  }

  /** What each does to the stream that it came on; the next request on another is served. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | <!DOCTYPE rest [<!ENTITY x 'y'>]><rest xmlns='rest.oic.org'><url/></rest>",
        "0 | <rest xmlns='rest.oic.org'><url method='GET'>&undefined;</url></rest>",
        "0 | <rest xmlns='rest.oic.org'><url method='GET'>/light</rest>",
        "5 | <rest xmlns='rest.oic.org'><url method='GET'>/light</url></rest>",
      })
  void stream_isClosedByWhatCanNotBeAnswered(String seq, String document) {
    SmackStream stream = smack.open(light(), StanzaKind.MESSAGE, 4096);
    smack.sendBlock(light(), StanzaKind.MESSAGE, stream.sid(), seq, base64(document));
    assertThat(stream.readDocument(SOON)).as("the stream is closed").isNull();
    smack_getsTheAnswerToOneMessage(StanzaKind.MESSAGE);
  }

  @ParameterizedTest
  @CsvSource({
    "%%%%, bad-request",
    "PHJl=c3Q, bad-request",
  })
  void block_thatIsNotBase64IsRefused(String block, String condition) {
    SmackStream stream = smack.open(light(), StanzaKind.IQ, 4096);
    assertRefused(stream.sid(), "0", block, condition);
    smack_getsTheAnswerToOneMessage(StanzaKind.MESSAGE);
  }

  @Test
  void block_aboveTheAgreedSizeIsRefused() {
    SmackStream stream = smack.open(light(), StanzaKind.IQ, 4096);
    assertRefused(stream.sid(), "0", base64(" ".repeat(4097)), "bad-request");
    smack_getsTheAnswerToOneMessage(StanzaKind.MESSAGE);
  }

  @Test
  void block_outOfSequenceIsRefused() {
    SmackStream stream = smack.open(light(), StanzaKind.IQ, 4096);
    assertRefused(stream.sid(), "7", base64(get(LIGHT, "/light")), "unexpected-request");
    smack_getsTheAnswerToOneMessage(StanzaKind.MESSAGE);
  }

  @Test
  void block_onAnUnknownStreamIsRefused() {
    assertRefused("nobody-opened-this", "0", base64(get(LIGHT, "/light")), "item-not-found");
    smack_getsTheAnswerToOneMessage(StanzaKind.MESSAGE);
  }

  @Test
  void block_fromAnotherSenderOnAKnownStreamHarmsNothing() {
    try (SmackStream stream = smack.open(light(), StanzaKind.MESSAGE, 4096);
        SmackPeer other = login("OIC/1.0/Client/bbbbbbbb-0000-4000-8000-000000000012")) {
      other.sendBlock(light(), StanzaKind.MESSAGE, stream.sid(), "0", base64("<rest"));
      try (SmackStream own = other.open(light(), StanzaKind.MESSAGE, 4096)) {
        own.write(get(LIGHT, "/light"));
        assertThat(own.readDocument(SOON)).contains("200 OK");
      }
      stream.write(get(LIGHT, "/light"));
      assertThat(stream.readDocument(SOON)).contains("200 OK");
    }
  }

  @Test
  void method_thatIsUnknownIsAnsweredAndTheNextRequestServed() {
    try (SmackStream stream = smack.open(light(), StanzaKind.MESSAGE, 4096)) {
      stream.write(get(LIGHT, "/light").replace("Get", "BREW"));
      assertThat(stream.readDocument(SOON)).contains("501 Not Implemented");
      stream.write(get(LIGHT, "/light"));
      assertThat(stream.readDocument(SOON)).contains("200 OK");
    }
  }

  @Test
  void open_withABlockSizeAboveTheStandardsIsRefused() {
    assertThatThrownBy(() -> rawOpen(70_000)).isInstanceOf(AssertionError.class);
    smack_getsTheAnswerToOneMessage(StanzaKind.MESSAGE);
  }

  private void rawOpen(int blockSize) {
    String id = "raw-open";
    var answers = smack.collect(stanza -> id.equals(stanza.getStanzaId()));
    try (answers) {
      smack.send(
          "<iq type='set' id='%s' to='%s'><open xmlns='http://jabber.org/protocol/ibb' sid='s' block-size='%d'/></iq>"
              .formatted(id, light(), blockSize));
      assertThat(String.valueOf(answers.nextResult(10_000).toXML())).contains("type='result'");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertRefused(String sid, String seq, String block, String condition) {
    var answers = smack.collect(stanza -> String.valueOf(stanza.toXML()).contains("<error"));
    try (answers) {
      smack.sendBlock(light(), StanzaKind.IQ, sid, seq, block);
      var answer = answers.nextResult(10_000);
      assertThat(answer).isNotNull();
      assertThat(String.valueOf(answer.toXML())).contains(condition);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
