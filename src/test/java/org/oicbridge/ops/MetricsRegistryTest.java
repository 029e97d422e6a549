package org.oicbridge.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Metrics;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MetricsRegistryTest {
  @Test
  void timers_ofTheGatewayHaveBuckets() {
    try (MetricsRegistry registry = new MetricsRegistry()) {
      Metrics.timer("oicgw.made.up").record(Duration.ofMillis(3));
      Metrics.timer("elsewhere").record(Duration.ofMillis(3));
      assertThat(registry.scrape())
          .contains("oicgw_made_up_seconds_bucket{le=\"0.0025\"} 0\n")
          .contains("oicgw_made_up_seconds_bucket{le=\"0.005\"} 1\n")
          .contains("oicgw_made_up_seconds_bucket{le=\"+Inf\"} 1\n")
          .contains("elsewhere_seconds_count 1\n")
          .doesNotContain("elsewhere_seconds_bucket");
    } finally {
      Metrics.globalRegistry.getMeters().stream()
          .filter(meter -> meter.getId().getName().matches("oicgw.made.up|elsewhere"))
          .forEach(Metrics.globalRegistry::remove);
    }
  }
}
