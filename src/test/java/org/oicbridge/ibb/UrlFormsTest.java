package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.crudn.OicResource;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/**
 * Whatever a peer writes for a host, the request is for the device that it has sent it to, or for
 * none. No name is looked up and no address is taken, so it does not matter where one would lead.
 */
@Timeout(30)
class UrlFormsTest {
  private final Shard shard = Shard.scripted(CONFIG);

  @AfterEach
  void close() {
    shard.close();
  }

  private void send(String url) {
    shard.open(FRIEND, "s", Carrier.MESSAGE);
    shard.data(
        FRIEND,
        "s",
        0,
        ("<rest><url method='GET'>" + url + "</url></rest>").getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "coap://127.0.0.1/a",
        "coap://127.1/a",
        "coap://2130706433/a",
        "coap://0x7f000001/a",
        "coap://017700000001/a",
        "coap://0.0.0.0/a",
        "coap://localhost/a",
        "coap://[::1]/a",
        "coap://[::]/a",
        "coap://[::ffff:127.0.0.1]/a",
        "coap://[64:ff9b::7f00:1]/a",
        "coap://[fe80::1]/a",
        "coap://[fe80::1%25eth0]/a",
        "coap://[fd00:ec2::254]/a",
        "coap://[ff02::158]/a",
        "coap://224.0.1.187/a",
        "coap://255.255.255.255/a",
        "coap://169.254.1.1/a",
        "http://169.254.169.254/a",
        "http://metadata.google.internal/a",
        "coap://10.0.0.1:22/a",
        "coap://192.0.2.1:0/a",
        "coap://192.0.2.1:99999/a",
        "coap://rebind.example/a",
        "coap://\uff4c\u24de\u24d2\u24d0lhost/a",
        "coap://127\u30020\u30020\u30021/a",
        "coap://xn--nxasmq6b/a",
        "//evil.example/a",
        "\\\\evil.example\\a",
        "COAP://EVIL.EXAMPLE/a"
      })
  void host_leadsNowhere(String url) {
    send(url);
    assertThat(shard.expectAsked().target()).isEqualTo(LAMP.oic().map(OicResource::id).get());
    assertThat(shard.expectAnswer().body()).contains("\"/a\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "coap+tcp://127.0.0.1/a",
        "coaps+tcp://127.0.0.1/a",
        "coap+ws://127.0.0.1/a",
        "file:///etc/passwd",
        "gopher://127.0.0.1:25/a",
        "coap://user@127.0.0.1/a",
        "coap://user:secret@lamp.example/a",
        "coap://lamp.example@127.0.0.1/a",
        "coap://127.0.0.1/a/../../b",
        "coap://127.0.0.1/%zz"
      })
  void form_thatIsNotUsedIsABadRequest(String url) {
    send(url);
    Envelope.Response answer = shard.expectAnswer();
    assertThat(answer.status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(shard.asked).isEmpty();
  }
}
