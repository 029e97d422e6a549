package org.oicbridge.oic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

class RemoteLinkReaderTest {
  private static final DeviceId LAMP = new DeviceId("11111111-1111-4111-8111-111111111111");

  @Test
  void oic_hasAMapForEachDevice() {
    String text =
        """
        [{"di":"11111111-1111-4111-8111-111111111111","links":[
            {"href":"/light","rt":"oic.r.switch.binary x.y","if":["oic.if.a"],"p":{"bm":3}},
            {"href":"/dim","rt":["oic.r.light.dimming"]}]},
         {"di":"22222222-2222-4222-8222-222222222222","links":[{"href":"/fan","rt":["x"]}]}]
        """;

    assertThat(RemoteLinkReader.read(text, LAMP))
        .containsExactly(
            link("/light", List.of("oic.r.switch.binary", "x.y"), "oic.if.a"),
            link("/dim", List.of("oic.r.light.dimming"), "oic.if.baseline"));
  }

  private static Link link(String href, List<String> types, String interfaceName) {
    return new Link(href, types, List.of(interfaceName), 1, "", List.of());
  }

  @Test
  void links_areLimited() {
    String text = "[" + "{\"href\":\"/a\",\"rt\":[\"x\"]},".repeat(99) + "{}]";

    assertThat(RemoteLinkReader.read(text, LAMP)).hasSize(RemoteLinkReader.MAX_LINKS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[",
        "[1, null, \"a\"]",
        "[{\"links\":7}]",
        "[{\"links\":[null, 3]}]",
        "[{\"href\":7,\"rt\":[\"x\"]}]",
        "[{\"href\":\"/a\"}]",
        "[{\"href\":\"/a\",\"rt\":[\"<x>\", 7]}]",
        "[{\"href\":\"//host/a\",\"rt\":[\"x\"]}]",
        "[{\"href\":\"/../a\",\"rt\":[\"x\"]}]",
        "[{\"href\":\"/%zz\",\"rt\":[\"x\"]}]",
        "[{\"href\":\"/ü\",\"rt\":[\"x\"]}]"
      })
  void whatIsNoLink_isLeftOut(String text) {
    assertThat(RemoteLinkReader.read(text, LAMP)).isEmpty();
  }
}
