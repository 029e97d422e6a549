package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/dependencies.md against the dependencies in the poms. */
class DependenciesPageTest {
  private static final Pattern DEPENDENCY =
      Pattern.compile("<dependency>.*?<artifactId>(.*?)</artifactId>", Pattern.DOTALL);

  @Test
  void page_givesAReasonForExactlyTheDependenciesOfThePoms() {
    List<String> declared =
        Stream.of(
                "pom.xml",
                "load-tests/gatling/pom.xml",
                "load-tests/benchmarks/pom.xml",
                "load-tests/proxy2/pom.xml")
            .flatMap(DependenciesPageTest::declaredIn)
            .filter(dependency -> !dependency.equals("oic-bridge"))
            .distinct()
            .toList();
    assertThat(SourceTree.rows("docs/dependencies.md"))
        .allSatisfy(row -> assertThat(row.get(2)).isNotBlank())
        .flatExtracting(row -> SourceTree.code(row.get(0)))
        .containsExactlyInAnyOrderElementsOf(declared);
  }

  private static Stream<String> declaredIn(String file) {
    String pom = SourceTree.read(file);
    int build = pom.indexOf("<build>");
    return DEPENDENCY
        .matcher(
            pom.substring(
                Math.max(0, pom.indexOf("</dependencyManagement>")),
                build < 0 ? pom.length() : build))
        .results()
        .map(match -> match.group(1));
  }
}
