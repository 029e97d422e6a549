package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * Holds what the gateway reads from a stream against what another parser reads: a stanza that means
 * one thing to a server and another to the gateway could be smuggled past the server. The gateway
 * may refuse what the other one takes. What it takes the other one must take too, and find the same
 * in it as in what the gateway writes of it.
 */
final class TwoParsers {
  /** Reads whole streams. */
  interface Other {
    /** What is in each stream in a form of its own, null for those that it refuses. */
    List<String> read(List<byte[]> streams) throws Exception;
  }

  private final Other other;

  TwoParsers(Other other) {
    this.other = other;
  }

  void agreeOnWhatIsGood() throws Exception {
    List<byte[]> streams =
        XmlStreams.GOOD.stream().map(XmlStreams::bytes).map(XmlStreams::stream).toList();
    assertThat(agree(streams)).isEqualTo(streams.size());
  }

  void refuseWhatIsBad() throws Exception {
    List<byte[]> streams = XmlStreams.BAD.stream().map(XmlStreams::stream).toList();
    assertThat(agree(streams)).isZero();
  }

  void agreeOnWhatIsDamaged(int count, long seed) throws Exception {
    assertThat(agree(XmlStreams.damaged(count, seed)))
        .as("seed %d", seed)
        .isGreaterThan(count / 50);
  }

  /** How many streams the gateway takes. */
  private int agree(List<byte[]> streams) throws Exception {
    List<String> seen = other.read(streams);
    List<String> smuggled = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    List<byte[]> written = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      List<String> stanzas = XmlStreams.read(streams.get(i));
      String text = XmlStreams.content(streams.get(i));
      if (stanzas != null && seen.get(i) == null) {
        smuggled.add("only the gateway takes " + text);
      } else if (stanzas != null) {
        taken.add(text);
        expected.add(seen.get(i));
        written.add(XmlStreams.written(stanzas));
      }
    }
    List<String> again = other.read(written);
    for (int i = 0; i < taken.size(); i++) {
      if (!expected.get(i).equals(again.get(i))) {
        smuggled.add(taken.get(i) + " is " + expected.get(i) + " and not " + again.get(i));
      }
    }
    assertThat(smuggled).isEmpty();
    return taken.size();
  }
}
