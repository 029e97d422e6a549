package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.CoapGateway.MAX_BODY;
import static org.oicbridge.coap.CoapGateway.ack;
import static org.oicbridge.coap.CoapGateway.assertProblem;
import static org.oicbridge.coap.CoapGateway.await;
import static org.oicbridge.coap.CoapGateway.packetsUntilQuiet;
import static org.oicbridge.coap.CoapGateway.receive;
import static org.oicbridge.coap.CoapGateway.reply;

import io.vertx.core.Future;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;

/** Bodies of any length, and answers that are none. */
@Timeout(30)
class BodyTest {
  @RegisterExtension final CoapGateway gateway = new CoapGateway();

  @Test
  void longAnswer_arrivesInBlocks() throws Exception {
    String text = "x".repeat(200_000);
    byte[] cbor = JsonBody.toCbor("{\"t\":\"" + text + "\"}");
    try (TestDevice device =
        TestDevice.ocf(r -> TestDevice.content(ContentFormat.OCF_CBOR, cbor))) {
      assertThat(gateway.get(device.config(), "/a").body()).isEqualTo("{\"t\":\"" + text + "\"}");
    }
  }

  @Test
  void answerOverTheLimit_isRefused() throws Exception {
    byte[] cbor = JsonBody.toCbor("\"" + "x".repeat(MAX_BODY) + "\"");
    try (TestDevice device =
        TestDevice.ocf(r -> TestDevice.content(ContentFormat.OCF_CBOR, cbor))) {
      assertProblem(gateway.get(device.config(), "/a"), Status.BAD_GATEWAY, "answer-too-large");
      device.becomes(TestDevice.ocfBehaviour(CoapGateway::light));
      assertThat(gateway.get(device.config(), "/a").status()).isEqualTo(Status.OK);
    }
  }

  @Test
  void longBody_isSentInBlocks() throws Exception {
    String body = "{\"t\":\"" + "y".repeat(100_000) + "\"}";
    try (TestDevice device = TestDevice.ocf(r -> new Response(ResponseCode.CHANGED))) {
      assertThat(gateway.ask(device.config(), Operation.UPDATE, "/a", body).status())
          .isEqualTo(Status.NO_CONTENT);
      assertThat(CborReader.toJson(device.lastRequest().getPayload())).isEqualTo(body);
    }
  }

  @Test
  void bodyOverTheLimit_isRefusedUnsent() throws Exception {
    try (TestDevice device = TestDevice.ocf(r -> new Response(ResponseCode.CHANGED))) {
      for (int length : new int[] {MAX_BODY, 5 * MAX_BODY}) {
        String body = "\"" + "y".repeat(length) + "\"";
        assertProblem(
            gateway.ask(device.config(), Operation.UPDATE, "/a", body),
            Status.CONTENT_TOO_LARGE,
            "body-too-large");
      }
      assertThat(device.requests).isEmpty();
    }
  }

  @Test
  void emptyAnswer_isNoBody() throws Exception {
    try (TestDevice device = TestDevice.ocf(r -> new Response(ResponseCode.CONTENT))) {
      CrudnResponse response = gateway.get(device.config(), "/a");

      assertThat(response.status()).isEqualTo(Status.OK);
      assertThat(response.body()).isNull();
      assertThat(response.headers().get("Content-Type")).isEmpty();
    }
  }

  @Test
  void deadlineAmidBlocks_endsTheTransfer() throws Exception {
    gateway.deploy(
        new CoapConfig("127.0.0.1", 1, 1, Duration.ofMillis(50), 4, 1024, MAX_BODY, null));
    try (DatagramSocket raw = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      HostedDevice device = TestDevice.config("coap://127.0.0.1:" + raw.getLocalPort());
      Future<CrudnResponse> response =
          gateway.send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(600));
      reply(raw, receive(raw), ack("84"));
      // 2.05 with the first 16 bytes of a longer body: Block2 0/1/16.
      UnaryOperator<byte[]> block =
          asked -> {
            byte[] head = ack("45").apply(asked);
            byte[] whole = Arrays.copyOf(head, head.length + 4 + 16);
            System.arraycopy(HexFormat.of().parseHex("d10a08ff"), 0, whole, head.length, 4);
            return whole;
          };
      reply(raw, receive(raw), block);
      assertProblem(await(response), Status.TIMEOUT, "device-silent");
      // The second block was asked for up to four times by then; a fifth time would come within
      // 50 ms times 1.5 times 2^3 of the fourth.
      assertThat(packetsUntilQuiet(raw)).isBetween(2, 4);
    }
  }

  @Test
  void payloadThatIsNoCbor_isABadAnswer() throws Exception {
    try (TestDevice device =
        TestDevice.ocf(r -> TestDevice.content(ContentFormat.OCF_CBOR, new byte[] {(byte) 0xff}))) {
      assertProblem(gateway.get(device.config(), "/a"), Status.BAD_GATEWAY, "bad-answer");
    }
  }

  @Test
  void reset_isABadAnswer() throws Exception {
    rawAnswer(asked -> new byte[] {0x70, 0, asked[2], asked[3]}, "bad-answer");
  }

  @Test
  void malformedMessage_isABadAnswer() throws Exception {
    rawAnswer(BodyTest::malformed, "bad-answer");
  }

  /** An answer with an option whose length runs out of the datagram. */
  private static byte[] malformed(byte[] asked) {
    byte[] answer = ack("45").apply(asked);
    byte[] whole = Arrays.copyOf(answer, answer.length + 1);
    whole[answer.length] = (byte) 0x4e;
    return whole;
  }

  @Test
  void unknownCriticalOption_isABadAnswer() throws Exception {
    rawAnswer(
        asked -> {
          byte[] head = ack("45").apply(asked);
          byte[] whole = Arrays.copyOf(head, head.length + 1);
          whole[head.length] = (byte) 0xd0;
          byte[] option = Arrays.copyOf(whole, whole.length + 1);
          option[whole.length] = 52; // option 65
          return option;
        },
        "bad-answer");
  }

  @Test
  void datagramThatIsNoCoap_isIgnored() throws Exception {
    rawAnswer(asked -> new byte[] {1, 2}, "device-silent");
  }

  @Test
  void answerToAnotherRequest_isIgnored() throws Exception {
    rawAnswer(
        asked -> {
          byte[] answer = ack("45").apply(asked);
          answer[answer.length - 1] ^= 1;
          return answer;
        },
        "device-silent");
  }

  @Test
  void answerFromAnotherAddress_isIgnored() throws Exception {
    try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      rawAnswer(stranger, ack("45"), "device-silent");
    }
  }

  @Test
  void malformedMessageFromAnotherAddress_isIgnored() throws Exception {
    try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      rawAnswer(stranger, BodyTest::malformed, "device-silent");
    }
  }

  private void rawAnswer(UnaryOperator<byte[]> answer, String type) throws Exception {
    rawAnswer(null, answer, type);
  }

  /** Answers the first datagram, in the place of the device if there is a stranger. */
  private void rawAnswer(DatagramSocket stranger, UnaryOperator<byte[]> answer, String type)
      throws Exception {
    try (DatagramSocket raw = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      HostedDevice device = TestDevice.config("coap://127.0.0.1:" + raw.getLocalPort());
      Future<CrudnResponse> response =
          gateway.send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(1500));
      reply(stranger == null ? raw : stranger, receive(raw), answer);

      assertProblem(
          await(response), type.equals("bad-answer") ? Status.BAD_GATEWAY : Status.TIMEOUT, type);
    }
  }
}
