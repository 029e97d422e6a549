package org.oicbridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The project's own sources and pages as text, for tests that hold them against each other. */
final class SourceTree {
  private static final Pattern TEST =
      Pattern.compile("@(Test|ParameterizedTest|Property|ArchTest)\\b");

  private SourceTree() {}

  /** The text of every Java file below a folder, by the name of its class without the package. */
  static Map<String, String> classes(String folder) {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  file -> read(file.toString()),
                  String::concat,
                  TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cells of each row of the tables in a page, without the rows of headings and rules. */
  static List<List<String>> rows(String page) {
    List<List<String>> rows =
        read(page)
            .lines()
            .filter(line -> line.startsWith("|"))
            .map(line -> List.of(line.substring(1, line.length() - 1).split("(?<!\\\\)\\|", -1)))
            .map(cells -> cells.stream().map(String::strip).toList())
            .toList();
    return IntStream.range(0, rows.size())
        .filter(i -> !isRule(rows.get(i)) && (i + 1 == rows.size() || !isRule(rows.get(i + 1))))
        .mapToObj(rows::get)
        .toList();
  }

  private static boolean isRule(List<String> row) {
    return row.stream().allMatch(cell -> cell.matches("-+"));
  }

  /** What stands in backticks. */
  static List<String> code(String text) {
    return Pattern.compile("`([^`]+)`").matcher(text).results().map(m -> m.group(1)).toList();
  }

  /** True when the method is there, with an annotation behind the end of the one before it. */
  static boolean isTest(String source, String method) {
    Matcher declaration = Pattern.compile("(void|ArchRule) " + method + "\\b").matcher(source);
    if (!declaration.find()) {
      return false;
    }
    String before = source.substring(0, declaration.start());
    String annotations = before.substring(before.lastIndexOf("\n  }\n") + 1);
    return TEST.matcher(annotations).find();
  }
}
