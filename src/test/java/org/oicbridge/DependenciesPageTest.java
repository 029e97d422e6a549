package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds docs/dependencies.md against the dependencies in pom.xml. */
class DependenciesPageTest {
  private static final Pattern DEPENDENCY =
      Pattern.compile("<dependency>.*?<artifactId>(.*?)</artifactId>", Pattern.DOTALL);

  @Test
  void page_givesAReasonForExactlyTheDependenciesOfThePom() {
    String pom = SourceTree.read("pom.xml");
    List<String> declared =
        DEPENDENCY
            .matcher(pom.substring(pom.indexOf("</dependencyManagement>"), pom.indexOf("<build>")))
            .results()
            .map(match -> match.group(1))
            .toList();
    assertThat(SourceTree.rows("docs/dependencies.md"))
        .allSatisfy(row -> assertThat(row.get(2)).isNotBlank())
        .flatExtracting(row -> SourceTree.code(row.get(0)))
        .containsExactlyInAnyOrderElementsOf(declared);
  }
}
