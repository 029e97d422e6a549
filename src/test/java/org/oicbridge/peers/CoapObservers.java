package org.oicbridge.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Several of libcoap's clients that observe the same resource, each a process of its own. */
public final class CoapObservers implements AutoCloseable {
  private final List<LibcoapClient.Observation> all;

  private CoapObservers(List<LibcoapClient.Observation> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Starts them; whether they are told anything {@link #allSee} finds out.
   *
   * @param seconds after which they end by themselves
   * @param more options, such as {@code -a} and an address of this machine to send from
   */
  public static CoapObservers start(
      int count, LibcoapClient client, String uri, int seconds, String... more) {
    List<LibcoapClient.Observation> started = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        started.add(client.observe(uri, seconds, more));
      }
      return new CoapObservers(started);
    } catch (RuntimeException e) {
      started.forEach(LibcoapClient.Observation::close);
      throw e;
    }
  }

  /** Waits until each of them was told something with this text; the time is for each. */
  public boolean allSee(String text, Duration time) {
    return all.stream().allMatch(one -> one.sees(text, time));
  }

  /** Waits until what each of them was told last is as expected; the time is for each. */
  public boolean allSeeLast(Predicate<String> expected, Duration time) {
    return all.stream().allMatch(one -> one.seesLast(expected, time));
  }

  /** What each of them printed so far: a line for each notification. */
  public List<String> outputs() {
    return all.stream().map(LibcoapClient.Observation::output).toList();
  }

  @Override
  public void close() {
    all.forEach(LibcoapClient.Observation::close);
  }
}
