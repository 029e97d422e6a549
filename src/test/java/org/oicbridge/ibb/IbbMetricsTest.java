package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.CONFIG;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;
import static org.oicbridge.ibb.Shard.await;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.crudn.Headers;

/** What an operator sees. */
@Timeout(30)
class IbbMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void add() {
    Metrics.addRegistry(registry);
  }

  @AfterEach
  void remove() {
    Metrics.removeRegistry(registry);
  }

  private double count(String name, String... tags) {
    return registry.get("oicgw.ibb." + name).tags(tags).counter().count();
  }

  private double streams(String role) {
    return registry.get("oicgw.ibb.streams").tags("role", role, "shard", "0").gauge().value();
  }

  @Test
  void roundTrip_isCountedOnBothSides() {
    try (Shard shard = Shard.looped(CONFIG, UnaryOperator.identity())) {
      await(shard.get("/a"));

      assertThat(streams("requester")).isEqualTo(1);
      assertThat(streams("responder")).isEqualTo(1);
      assertThat(count("requests", "role", "requester", "outcome", "200")).isEqualTo(1);
      assertThat(count("requests", "role", "responder", "outcome", "200")).isEqualTo(1);
      for (String direction : new String[] {"in", "out"}) {
        assertThat(count("blocks", "direction", direction)).isEqualTo(2);
        assertThat(count("messages", "direction", direction)).isEqualTo(2);
      }
      assertThat(count("bytes", "direction", "in")).isGreaterThan(200);
      assertThat(count("bytes", "direction", "out")).isEqualTo(count("bytes", "direction", "in"));
    }
  }

  @Test
  void whatGoesWrong_isCountedByReason() {
    try (Shard shard = Shard.scripted(CONFIG)) {
      shard.open(FRIEND, "s", Carrier.MESSAGE);
      shard.data(FRIEND, "s", 0, Shard.response("1", Headers.NONE));
      shard.data(FRIEND, "s", 7, new byte[0]);
      shard.expectRefused(Condition.UNEXPECTED_REQUEST);
      shard.expect(Ibb.Close.class);
      shard.arrive(
          new Ibb.Refused(LAMP, FRIEND, "x", null, Condition.SERVICE_UNAVAILABLE, Carrier.MESSAGE));
      shard.drain();

      assertThat(count("unmatched", "role", "responder")).isEqualTo(1);
      assertThat(count("refusals", "direction", "sent", "condition", "unexpected-request"))
          .isEqualTo(1);
      assertThat(count("refusals", "direction", "received", "condition", "service-unavailable"))
          .isEqualTo(1);
      assertThat(count("ended", "role", "responder", "cause", "closed_by_us")).isEqualTo(1);
      assertThat(streams("responder")).isZero();
    }
  }

  @Test
  void successor_showsItsOwnStreams() {
    try (Shard first = Shard.scripted(CONFIG)) {
      first.open(FRIEND, "s", Carrier.MESSAGE);
      first.stop();
    }
    try (Shard second = Shard.scripted(CONFIG)) {
      second.open(FRIEND, "s", Carrier.MESSAGE);
      second.open(FRIEND, "t", Carrier.MESSAGE);
      assertThat(streams("responder")).isEqualTo(2);
    }
  }
}
