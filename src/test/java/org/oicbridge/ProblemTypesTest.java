package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.oicbridge.crudn.Status;

/** Holds docs/errors.md against the problem types and statuses in the sources. */
class ProblemTypesTest {
  private static final String TYPE = "\"([a-z]+(?:-[a-z]+)*)\"";

  /** A status and then a type, as arguments of whatever makes a problem. */
  private static final Pattern PROBLEM =
      Pattern.compile("(Status\\.[A-Z_]+|\\b[45]\\d\\d|\\bstatus(?:\\(\\))?),\\s*" + TYPE);

  /** The router's own way to say 503. */
  private static final Pattern UNAVAILABLE = Pattern.compile("\\bunavailable\\(\\s*" + TYPE);

  /** The types of what devices themselves answer. */
  private static final Pattern DEVICE = Pattern.compile("case ([A-Z_]+) -> " + TYPE);

  /** Where a problem is made; what it is made of has to be a literal or handed through. */
  private static final Pattern MADE =
      Pattern.compile(
          "(?:CrudnResponse\\.failed|new Refusal|new RequestFailed)\\(([^,;]+),\\s*([^,;]+),");

  private static final String ANY = "any";

  private final Map<String, Set<String>> inSources = new TreeMap<>();

  ProblemTypesTest() {
    for (String source : sources()) {
      find(PROBLEM, source, m -> add(m.group(2), status(m.group(1))));
      find(UNAVAILABLE, source, m -> add(m.group(1), "503"));
    }
    String codes = SourceTree.classes("src/main/java/org/oicbridge/http").get("StatusCodes");
    find(DEVICE, codes, m -> add(m.group(2), ofDevice(Status.valueOf(m.group(1)))));
  }

  private static List<String> sources() {
    return Stream.of("bus", "routing", "ibb", "coap", "http", "hosting", "oic")
        .flatMap(p -> SourceTree.classes("src/main/java/org/oicbridge/" + p).values().stream())
        .toList();
  }

  private static void find(Pattern pattern, String source, Consumer<MatchResult> each) {
    Matcher matcher = pattern.matcher(source);
    while (matcher.find()) {
      each.accept(matcher.toMatchResult());
    }
  }

  private void add(String type, String status) {
    inSources.computeIfAbsent(type, t -> new TreeSet<>()).add(status);
  }

  private static String status(String argument) {
    return argument.startsWith("Status.")
        ? String.valueOf(Status.valueOf(argument.substring("Status.".length())).code())
        : argument.matches("\\d+") ? argument : ANY;
  }

  /** RFC 8075 section 7: a device's 4.01 is no 401 of ours. */
  private static String ofDevice(Status status) {
    return status == Status.UNAUTHORIZED ? "403" : String.valueOf(status.code());
  }

  private static Map<String, Set<String>> onThePage() {
    return SourceTree.rows("docs/errors.md").stream()
        .collect(
            Collectors.toMap(
                row -> row.get(0).replace("`", ""),
                row -> new TreeSet<>(Set.of(row.get(1).split(", ", -1)))));
  }

  @Test
  void page_hasExactlyTheTypesOfTheSources() {
    assertThat(onThePage().keySet()).containsExactlyInAnyOrderElementsOf(inSources.keySet());
  }

  @Test
  void page_hasTheirStatuses() {
    Map<String, Set<String>> page = onThePage();
    inSources.forEach(
        (type, statuses) -> {
          if (statuses.remove(ANY)) {
            assertThat(page.get(type)).as(type).containsAll(statuses);
          } else {
            assertThat(page.get(type)).as(type).isEqualTo(statuses);
          }
        });
  }

  @Test
  void type_ofEachProblemIsALiteral() {
    for (String source : sources()) {
      find(
          MADE,
          source,
          m -> assertThat(m.group(2)).as(m.group()).matches("\"[a-z-]+\"|type|String type"));
    }
  }
}
