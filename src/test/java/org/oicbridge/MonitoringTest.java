package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.oicbridge.ops.MetricsRegistry;

/** Holds the dashboard and the alerts against docs/metrics.md and against what is exported. */
class MonitoringTest {
  private static final Pattern METRIC =
      Pattern.compile("\\b((?:oicgw|jvm|process|system)_[a-z0-9_]+)(?:\\{([^}]*)\\})?");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+) *(?:=~|!~|!=|=)");
  private static final Pattern GROUPING = Pattern.compile("by \\(([^)]*)\\)");

  private static JsonNode dashboard() throws IOException {
    return new ObjectMapper().readTree(new File("docs/monitoring/dashboard.json"));
  }

  private static List<JsonNode> rules() throws IOException {
    JsonNode file = new YAMLMapper().readTree(new File("docs/monitoring/alerts.yaml"));
    List<JsonNode> rules = new ArrayList<>();
    file.get("groups").forEach(group -> group.get("rules").forEach(rules::add));
    return rules;
  }

  private static List<String> expressions() throws IOException {
    Stream<String> shown = dashboard().findValuesAsText("expr").stream();
    Stream<String> alerts = rules().stream().map(rule -> rule.get("expr").textValue());
    return Stream.concat(shown, alerts).toList();
  }

  /** Names in Prometheus, each with the text that lists its tags. */
  private static Map<String, String> page() {
    Map<String, String> names = new LinkedHashMap<>();
    for (List<String> row : SourceTree.rows("docs/metrics.md")) {
      if (row.get(0).startsWith("`oicgw.")) {
        for (String name : SourceTree.code(row.get(1))) {
          names.put(name, row.get(3));
          if (row.get(2).equals("timer")) {
            names.put(name.replaceAll("_count$", "_bucket"), row.get(3) + " `le`");
          }
        }
      }
    }
    return names;
  }

  @Test
  void metrics_areThoseOfThePage() throws IOException {
    Map<String, String> page = page();
    for (String expression : expressions()) {
      Matcher metric = METRIC.matcher(expression);
      int found = 0;
      while (metric.find()) {
        found++;
        if (metric.group(1).startsWith("oicgw_")) {
          assertThat(page).as(expression).containsKey(metric.group(1));
          String tags = page.get(metric.group(1));
          String selector = metric.group(2) == null ? "" : metric.group(2);
          LABEL
              .matcher(selector)
              .results()
              .forEach(label -> hasTag(expression, tags, label.group(1)));
          GROUPING
              .matcher(expression)
              .results()
              .flatMap(by -> Stream.of(by.group(1).split(", *")))
              .forEach(label -> hasTag(expression, tags, label));
        }
      }
      assertThat(found).as(expression).isPositive();
    }
  }

  private static void hasTag(String expression, String tags, String label) {
    assertThat(tags).as(label + " in " + expression).contains("`" + label + "`");
  }

  @Test
  void metrics_ofTheProcessAreExported() throws IOException {
    try (MetricsRegistry registry = new MetricsRegistry()) {
      String exported = registry.scrape();
      for (String expression : expressions()) {
        METRIC
            .matcher(expression)
            .results()
            .map(metric -> metric.group(1))
            .filter(name -> !name.startsWith("oicgw_"))
            .forEach(name -> assertThat(exported).containsPattern("\n" + name + "[ {]"));
      }
    }
  }

  @Test
  void alerts_areThoseOfThePage() throws IOException {
    List<String> documented =
        SourceTree.rows("docs/metrics.md").stream()
            .map(row -> row.get(0))
            .filter(cell -> cell.matches("`[A-Z][A-Za-z]+`"))
            .map(cell -> cell.substring(1, cell.length() - 1))
            .toList();
    assertThat(rules())
        .extracting(rule -> rule.get("alert").textValue())
        .containsExactlyElementsOf(documented);
  }
}
