package org.oicbridge.sandbox;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.oicbridge.fuzz.FuzzTarget;

/** Both messages of a client, a line each; only the right ones may authenticate it. */
public class ServerScramFuzz implements FuzzTarget {
  private static final String SIGNED =
      ServerScramTest.LAST.substring(0, ServerScramTest.LAST.indexOf(",p="));

  @Override
  public List<byte[]> corpus() {
    return List.of(
        bytes(ServerScramTest.FIRST + "\n" + ServerScramTest.LAST),
        bytes("y,,n=user,r=rOprNGfwEbeRWgbNEkqO\n" + ServerScramTest.LAST),
        bytes("n,a=user,n=us=2Cer,r=x\nc=biws,r=x,p=AAAA"),
        bytes("p=tls-unique,,m=1,n=user,r=x\nc=,p="));
  }

  @Override
  public List<String> dictionary() {
    return List.of("n,,", "y,,", "n=", "r=", "c=biws", ",p=", "=2C", "=3D", "a=", "m=", ",", "\n");
  }

  @Override
  public void accept(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    int line = text.indexOf('\n');
    String first = line < 0 ? text : text.substring(0, line);
    String last = line < 0 ? "" : text.substring(line + 1);
    ServerScram scram = ServerScramTest.rfc7677();
    try {
      scram.first(first);
      scram.last(last);
    } catch (SaslFailure expected) {
      return;
    }
    if (!first.equals(ServerScramTest.FIRST) || !last.startsWith(SIGNED + ",p=")) {
      throw new AssertionError("authenticated by " + text);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
