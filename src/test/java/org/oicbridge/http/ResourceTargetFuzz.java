package org.oicbridge.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.fuzz.FuzzTarget;

/** A target that is taken names a resource without dot segments, and can be written again. */
public final class ResourceTargetFuzz implements FuzzTarget {
  @Override
  public List<byte[]> corpus() {
    return List.of(
        bytes("/api/v1/devices/dc70373c-1e8d-4fb3-962e-017eaa863989/resources/a/light?if=oic.if.a"),
        bytes("/api/v1/devices/x/resources/a%2Fb//c;d?via=xmpp&account=a%2Bb@example.org&x=y"),
        bytes("/api/v1/devices/x/resources/?&&=&a"));
  }

  @Override
  public List<String> dictionary() {
    return List.of(
        "/", "..", "%2e", "%2F", "%", "?", "&", "=", "via=xmpp", "account=", "/resources/", "#");
  }

  @Override
  public void accept(byte[] input) {
    String uri = new String(input, StandardCharsets.ISO_8859_1);
    ResourceTarget target;
    try {
      TargetGuard.check(uri);
      target = ResourceTarget.parse(uri);
    } catch (Refusal e) {
      return;
    }
    if (target.path().segments().contains("..")
        || !ResourcePath.parse(target.path().toString()).equals(target.path())) {
      throw new IllegalStateException(target.toString());
    }
    target.locate(uri);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
