package org.oicbridge.coap;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.californium.core.coap.Response;
import org.oicbridge.crudn.Link;
import org.oicbridge.fuzz.FuzzTarget;

/**
 * Datagrams that answer a search: whatever they hold, no endpoint leads elsewhere than to their
 * source, and nothing is longer than it may be.
 */
public final class DiscoveryFuzz implements FuzzTarget {
  private static final InetSocketAddress SENDER = new InetSocketAddress("192.0.2.7", 49152);
  private static final AnswerSource SOURCE = AnswerSource.of(SENDER, null);
  private static final String DI = "dc70373c-1e8d-4fb3-962e-017eaa863989";

  /** NON 2.05, a token of two bytes, Content-Format 10000 with the version option. */
  private static final String OCF = "52450102aabb" + "c22710" + "e206ec0800" + "ff";

  /** The same with Content-Format 60 and no version. */
  private static final String LEGACY = "52450102aabb" + "c13c" + "ff";

  private static byte[] datagram(String header, String json) {
    try {
      String cbor = HexFormat.of().formatHex(JsonBody.toCbor(json.replace('\'', '"')));
      return HexFormat.of().parseHex(header + cbor);
    } catch (RequestFailed e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public List<byte[]> corpus() {
    String link =
        "{'anchor':'ocf://"
            + DI
            + "','href':'/a/light','rel':['self'],'rt':['oic.r.light'],'if':['oic.if.a'],"
            + "'p':{'bm':3},'eps':[{'ep':'coaps://192.0.2.7:1122','pri':2,'lat':240},"
            + "{'ep':'coap://192.0.2.8:1'}]}";
    String old =
        "{'di':'"
            + DI
            + "','n':'Lamp','baseURI':'coap://192.0.2.7:1','links':[{'href':'/a/light',"
            + "'rt':'core.light core.bright','if':'oic.if.ll','obs':true,'ins':5,'uri':'',"
            + "'p':{'bm':1,'sec':true,'port':49153}}]}";
    return Stream.concat(
            Stream.of(
                datagram(OCF, "[" + link + "," + link.replace("/a/light", "ocf://x/y") + "]"),
                datagram(OCF, "[{'rt':['oic.wk.res'],'links':[" + link + "]}]"),
                datagram(OCF, "[{'href':'ocf://" + DI + "/a','rep':{'value':true,'rt':['a']}}]"),
                datagram(LEGACY, "[" + old + "," + old.replace("dc70", "0685") + "]"),
                datagram(LEGACY, "[[{'di':'" + DI + "'},[{'href':'/a'}]]]"),
                datagram(LEGACY, old)),
            // The identifier as 16 bytes, everything of indefinite length.
            Stream.of(
                    LEGACY
                        + "9fbf62646950"
                        + DI.replace("-", "")
                        + "656c696e6b739fbf6468726566622f6162727463612062ffffffff")
                .map(HexFormat.of()::parseHex))
        .toList();
  }

  @Override
  public List<String> dictionary() {
    return List.of(
        "bdi",
        "elinks",
        "dhref",
        "brt",
        "bif",
        "ap",
        "bbm",
        "csec",
        "dport",
        "ceps",
        "bep",
        "cpri",
        "fanchor",
        "gbaseURI",
        "crep",
        "ocf://",
        "coap://",
        "coaps://",
        "192.0.2.7",
        "192.0.2.8",
        "[fe80::1%eth0]",
        "/../",
        "%2e",
        "?",
        "\u0080",
        "\u00a0");
  }

  @Override
  public void accept(byte[] input) {
    if (!(MulticastSearch.parse(input) instanceof Response response)) {
      return;
    }
    Era era = EraDetector.byContent(response);
    DeviceQuestions.body(response, era)
        .flatMap(body -> DiscoveryAnswer.read(body, SOURCE))
        .ifPresent(answer -> answer.devices().forEach(DiscoveryFuzz::check));
  }

  private static void check(DeviceLinks device) {
    check(device.endpoint());
    if (device.name().length() > 128 || device.type().isEmpty()) {
      throw new AssertionError(device);
    }
    for (Link link : device.links()) {
      link.endpoints().forEach(DiscoveryFuzz::check);
      if (!link.href().startsWith("/") || link.rt().size() > 32 || (link.policy() & ~3) != 0) {
        throw new AssertionError(link);
      }
    }
  }

  private static void check(URI endpoint) {
    if (!endpoint.getHost().equals("192.0.2.7") || !endpoint.getScheme().startsWith("coap")) {
      throw new AssertionError(endpoint);
    }
  }
}
