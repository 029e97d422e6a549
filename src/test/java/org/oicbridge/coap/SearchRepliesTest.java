package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.junit.jupiter.api.Test;
import org.oicbridge.crudn.DeviceId;

class SearchRepliesTest {
  private static final DeviceId DI = new DeviceId("dc70373c-1e8d-4fb3-962e-017eaa863989");

  private SearchReplies replies = new SearchReplies(null, Map.of());

  private void answer(String address, int format) throws Exception {
    String links = "[{\"di\":\"" + DI + "\",\"links\":[{\"href\":\"/light\"}]}]";
    take(address, TestDevice.content(format, JsonBody.toCbor(links)));
  }

  private void take(String address, Response response) throws Exception {
    InetSocketAddress sender = new InetSocketAddress(InetAddress.getByName(address), 49152);
    replies.take(new MulticastSearch.Answer(response, sender), null);
  }

  private String address() {
    assertThat(replies.devices()).hasSize(1);
    return replies.devices().iterator().next().peer().getAddress().getHostAddress();
  }

  @Test
  void answerAsOcf_winsOverTheOneAsOic1() throws Exception {
    answer("192.0.2.7", ContentFormat.CBOR);
    answer("192.0.2.8", ContentFormat.OCF_CBOR);
    answer("192.0.2.9", ContentFormat.CBOR);

    assertThat(address()).isEqualTo("192.0.2.8");
    assertThat(replies.devices().iterator().next().era()).isEqualTo(Era.OCF);
  }

  @Test
  void firstAnswer_winsOverOnesLikeIt() throws Exception {
    answer("192.0.2.7", ContentFormat.OCF_CBOR);
    answer("192.0.2.8", ContentFormat.OCF_CBOR);

    assertThat(address()).isEqualTo("192.0.2.7");
    assertThat(replies.answers()).isEqualTo(2);
  }

  @Test
  void addressBeyondTheLink_winsOverLinkLocal() throws Exception {
    answer("fe80::7", ContentFormat.OCF_CBOR);
    answer("192.0.2.7", ContentFormat.CBOR);
    answer("fe80::7", ContentFormat.OCF_CBOR);

    assertThat(address()).isEqualTo("192.0.2.7");
  }

  @Test
  void deviceThatStillAnswers_isNotMovedByAnotherHost() throws Exception {
    replies = new SearchReplies(null, Map.of(DI, InetAddress.getByName("192.0.2.7")));
    answer("192.0.2.66", ContentFormat.OCF_CBOR);
    answer("192.0.2.7", ContentFormat.CBOR);
    answer("192.0.2.67", ContentFormat.OCF_CBOR);

    assertThat(address()).isEqualTo("192.0.2.7");
    assertThat(replies.addresses()).containsEntry(DI, InetAddress.getByName("192.0.2.7"));
  }

  @Test
  void deviceThatMoved_isFoundWhereItIs() throws Exception {
    replies = new SearchReplies(null, Map.of(DI, InetAddress.getByName("192.0.2.7")));
    answer("192.0.2.8", ContentFormat.OCF_CBOR);

    assertThat(address()).isEqualTo("192.0.2.8");
  }

  @Test
  void refusalsAndNonsense_bringNoDevice() throws Exception {
    for (Response each :
        List.of(
            new Response(ResponseCode.UNAUTHORIZED),
            TestDevice.content(ContentFormat.OCF_CBOR, new byte[] {-1}),
            TestDevice.content(ContentFormat.TEXT, new byte[] {'a'}),
            TestDevice.content(ContentFormat.OCF_CBOR, new byte[0]),
            TestDevice.content(ContentFormat.OCF_CBOR, TestDevice.OCF_LINKS))) {
      take("192.0.2.7", each);
    }

    assertThat(replies.devices()).isEmpty();
    assertThat(replies.answers()).isEqualTo(5);
  }
}
