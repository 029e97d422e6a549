package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/attack-surface.md against the tests and the patches that it names. */
class AttackSurfaceTest {
  private static final String PAGE = "docs/attack-surface.md";
  private static final Path PATCHES = Path.of("scripts/defences");
  private static final String SUFFIX = ".patch";
  private static final int DANGER_COLUMNS = 4;

  private final Map<String, String> tests = SourceTree.classes("src/test/java");

  /** The rows by danger; those of the other table have a place and its patches. */
  private static List<List<String>> dangers() {
    return SourceTree.rows(PAGE).stream().filter(row -> row.size() == DANGER_COLUMNS).toList();
  }

  private static List<String> patches(List<String> row) {
    return SourceTree.code(row.get(row.size() - 1));
  }

  /** The tests that a patch says it breaks, as the page writes them. */
  private static List<String> broken(String patch) {
    String first =
        SourceTree.read(PATCHES.resolve(patch + SUFFIX).toString()).lines().findFirst().get();
    String[] parts = first.replace("# test: ", "").split("#", -1);
    return Stream.of(parts[1].split("\\+", -1)).map(method -> parts[0] + "#" + method).toList();
  }

  @Test
  void page_hasBothTables() {
    assertThat(dangers()).hasSizeGreaterThanOrEqualTo(18);
    assertThat(SourceTree.rows(PAGE)).hasSizeGreaterThan(dangers().size());
  }

  @Test
  void test_thatIsNamedIsThere() {
    for (List<String> row : dangers()) {
      List<String> named = SourceTree.code(row.get(2));
      assertThat(named).as(row.get(0)).isNotEmpty().doesNotHaveDuplicates();
      for (String name : named) {
        assertThat(name).as(row.get(0)).matches("\\w+#\\w+");
        String[] parts = name.split("#", -1);
        assertThat(tests).as(name).containsKey(parts[0]);
        assertThat(SourceTree.isTest(tests.get(parts[0]), parts[1])).as(name).isTrue();
      }
    }
  }

  @Test
  void danger_namesTheTestsOfItsPatches() {
    for (List<String> row : dangers()) {
      List<String> named = SourceTree.code(row.get(2));
      assertThat(patches(row)).as(row.get(0)).isNotEmpty();
      for (String patch : patches(row)) {
        assertThat(named).as(patch).containsAll(broken(patch));
      }
    }
  }

  @Test
  void patches_areAllNamedOnce() throws IOException {
    List<String> named =
        SourceTree.rows(PAGE).stream().flatMap(row -> patches(row).stream()).toList();
    try (Stream<Path> files = Files.list(PATCHES)) {
      assertThat(named)
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> file.getFileName().toString().replace(SUFFIX, "")).toList());
    }
  }
}
