package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/metrics.md against the names of the metrics in the sources. */
class MetricsPageTest {
  private static final Pattern NAME = Pattern.compile("\"(oicgw\\.[a-z.]*)\"");

  private static List<List<String>> page() {
    return SourceTree.rows("docs/metrics.md").stream()
        .filter(row -> row.get(0).startsWith("`oicgw."))
        .toList();
  }

  @Test
  void page_hasExactlyTheMetricsOfTheSources() {
    Set<String> names = new TreeSet<>();
    for (String source : SourceTree.classes("src/main/java").values()) {
      NAME.matcher(source).results().forEach(match -> names.add(match.group(1)));
    }
    assertThat(page())
        .extracting(row -> SourceTree.code(row.get(0)).get(0))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void names_areThoseThatPrometheusSees() {
    for (List<String> row : page()) {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      register(registry, row.get(2), SourceTree.code(row.get(0)).get(0));
      for (String name : SourceTree.code(row.get(1))) {
        assertThat(registry.scrape()).as(row.get(0)).contains("\n" + name + " ");
      }
    }
  }

  private static void register(MeterRegistry registry, String kind, String name) {
    switch (kind) {
      case "counter" -> registry.counter(name);
      case "gauge" -> registry.gauge(name, 1);
      case "timer" -> registry.timer(name);
      default -> throw new AssertionError(name + " is a " + kind);
    }
  }
}
