package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keeps docs/conformance.md from naming code and tests that are not there any more. */
class ConformanceTableTest {
  private static final String PAGE = "docs/conformance.md";
  private static final Set<String> STATES =
      Set.of("done", "partly", "not yet", "informative", "out of scope", "not needed");
  private static final int CLAUSE_COLUMNS = 5;

  private final Map<String, String> code = SourceTree.classes("src/main/java");
  private final Map<String, String> tests = SourceTree.classes("src/test/java");

  /** The rows by clause; the other table has no column for the state. */
  private static List<List<String>> clauses() {
    return SourceTree.rows(PAGE).stream().filter(row -> row.size() == CLAUSE_COLUMNS).toList();
  }

  @Test
  void page_hasRowsOfBothTables() {
    assertThat(clauses()).hasSizeGreaterThan(60);
    assertThat(SourceTree.rows(PAGE)).hasSizeGreaterThan(clauses().size() + 30);
  }

  @Test
  void code_thatIsNamedIsThere() {
    for (List<String> row : SourceTree.rows(PAGE)) {
      for (String name : SourceTree.code(row.get(row.size() - 2))) {
        String[] parts = name.split("\\.", -1);
        assertThat(code).as(row.get(0)).containsKey(parts[0]);
        for (int i = 1; i < parts.length; i++) {
          assertThat(code.get(parts[0])).as(name).containsPattern("\\b" + parts[i] + "\\b");
        }
      }
    }
  }

  @Test
  void test_thatIsNamedIsThere() {
    for (List<String> row : SourceTree.rows(PAGE)) {
      for (String name : SourceTree.code(row.get(row.size() - 1))) {
        assertThat(name).as(row.get(0)).matches("\\w+(#\\w+)?");
        String[] parts = name.split("#", -1);
        assertThat(tests).as(row.get(0)).containsKey(parts[0]);
        if (parts.length > 1) {
          assertThat(SourceTree.isTest(tests.get(parts[0]), parts[1])).as(name).isTrue();
        }
      }
    }
  }

  @Test
  void clause_thatIsDoneNamesItsCodeAndItsTest() {
    for (List<String> row : clauses()) {
      assertThat(STATES).as(row.get(0)).contains(row.get(2).split(":", -1)[0]);
      if (row.get(2).equals("done")) {
        assertThat(SourceTree.code(row.get(3))).as(row.toString()).isNotEmpty();
        assertThat(SourceTree.code(row.get(4))).as(row.toString()).isNotEmpty();
      }
    }
  }
}
