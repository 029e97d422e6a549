package org.oicbridge.oic;

import io.vertx.core.json.Json;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.oicbridge.config.AddressPrefix;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.fuzz.FuzzTarget;

/**
 * Whatever a publication says, its device is at its publisher or where the configuration allows.
 */
public final class PublicationReaderFuzz implements FuzzTarget {
  private static final AddressPrefix ALLOWED = AddressPrefix.parse("203.0.113.0/24");
  private static final String DI = "e61c3e6b-9c54-4b81-8ce5-f9039c1d04d9";

  @Override
  public List<byte[]> corpus() {
    return List.of(
        bytes(
            "{\"di\":\""
                + DI
                + "\",\"n\":\"Light\",\"ttl\":600,\"links\":[{\"href\":\"/light\","
                + "\"rt\":[\"oic.r.switch.binary\"],\"if\":[\"oic.if.a\",\"oic.if.baseline\"],"
                + "\"p\":{\"bm\":3},\"anchor\":\"ocf://"
                + DI
                + "\","
                + "\"eps\":[{\"ep\":\"coaps://192.0.2.7:1111\",\"pri\":2}],\"ins\":0}]}"),
        bytes(
            "{\"rt\":[\"oic.wk.rd\"],\"lt\":86400,\"links\":[{\"di\":\""
                + DI
                + "\","
                + "\"href\":\"/oic/d\",\"rt\":\"oic.wk.d oic.d.light\",\"obs\":true,"
                + "\"p\":{\"sec\":true,\"port\":49153}},{\"href\":\"coap://192.0.2.7:1/a\","
                + "\"rt\":\"a\",\"ins\":\"11235\"},{\"href\":\"ocf://"
                + DI
                + "/b\",\"rt\":\"b\"}]}"),
        bytes(
            "[{\"di\":\""
                + DI
                + "\",\"bm\":1,\"ttl\":86400,\"baseURI\":\"203.0.113.9:5688\","
                + "\"port\":5688},[{\"href\":\"/a/light\",\"rt\":[\"oic.r.light\"],"
                + "\"mt\":[\"application/json\"],\"ins\":0}]]"),
        bytes("[[{\"di\":\"" + DI + "\",\"links\":[]},{\"links\":[]}]]"));
  }

  @Override
  public List<String> dictionary() {
    return List.of(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"links\":",
        "\"eps\":",
        "\"ep\":",
        "\"baseURI\":",
        "\"href\":",
        "coap://",
        "coaps://",
        "[::1]",
        "127.0.0.1",
        "192.0.2.7",
        "203.0.113.9",
        "localhost",
        "ocf://",
        "/..",
        "%2e",
        "1e999",
        "-1",
        "null",
        "true",
        "@",
        "?",
        "#");
  }

  @Override
  public void accept(byte[] input) {
    EndpointRules rules = new EndpointRules(List.of(ALLOWED), OwnDevice.at("192.0.2.7", 40_000));
    Publication publication;
    try {
      publication = new PublicationReader(rules, false).read(Members.body(request(input)));
    } catch (Refusal e) {
      return;
    }
    List<Link> numbered = new ArrayList<>();
    for (Link link : publication.links()) {
      numbered.add(link.numbered(String.valueOf(numbered.size())));
      ResourcePath.parse(link.href());
      link.endpoints().forEach(endpoint -> check(endpoint.getHost()));
    }
    check(publication.endpoint().getHost());
    Json.decodeValue(publication.answer(numbered));
  }

  private static void check(String host) {
    InetAddress address = OwnDevice.at(host, 1).getAddress();
    if (!host.equals("192.0.2.7") && !ALLOWED.contains(address)) {
      throw new IllegalStateException("published at " + host);
    }
  }

  private static CrudnRequest request(byte[] input) {
    return new CrudnRequest(
        OwnDevice.HOME,
        OwnDevice.TARGET,
        Operation.UPDATE,
        ResourcePath.parse("/oic/rd"),
        Headers.NONE,
        new String(input, StandardCharsets.UTF_8),
        OwnDevice.HOME,
        CrudnRequest.Via.SHORTEST,
        null);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
