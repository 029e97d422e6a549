package org.oicbridge.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of a benchmark, by what was measured and by who was measured, one of each round. What
 * children print is kept in a file as it came.
 */
final class Figures {
  private final Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();
  private final PrintStream out;
  private final Path raw;

  /** A bound for a ratio. */
  enum Bound {
    AT_LEAST,
    AT_MOST
  }

  Figures(String name, PrintStream out) {
    this.out = out;
    String time =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    this.raw = BuildFolder.path().resolve("bench/" + name + "-" + time + ".txt");
    try {
      Files.createDirectories(raw.getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file beside the one with the raw lines. */
  Path file(String ending) {
    return Path.of(raw.toString().replaceFirst("txt$", ending));
  }

  /** Keeps a line in the file, as it is. */
  void note(String line) {
    try {
      Files.writeString(raw, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes the figure of one round. */
  void add(String what, String who, double value) {
    values
        .computeIfAbsent(what, key -> new LinkedHashMap<>())
        .computeIfAbsent(who, key -> new ArrayList<>())
        .add(value);
  }

  /** The figures of all rounds, in their order. */
  List<Double> of(String what, String who) {
    return List.copyOf(values.getOrDefault(what, Map.of()).getOrDefault(who, List.of()));
  }

  /** Prints everything, and where the raw lines are. */
  void print() {
    values.forEach(
        (what, byWho) -> {
          say(what + "  (minimum / median / maximum)");
          byWho.forEach((who, all) -> say("  %-18s %s".formatted(who, Spread.of(all))));
        });
    out.println("raw lines: " + raw);
  }

  /** Prints the figure itself against a bound. */
  void judge(String what, String of, Bound kind, double bound) {
    judge(what + ": " + of, Spread.of(of(what, of)), kind, bound);
  }

  /**
   * Prints the ratio of what two did in the same rounds, against a bound.
   *
   * @param of whose figure is divided
   * @param by whose figure it is divided by
   */
  void judge(String what, String of, String by, Bound kind, double bound) {
    judge(what + ": " + of + " / " + by, ratio(what, of, by), kind, bound);
  }

  private void judge(String what, Spread spread, Bound kind, double bound) {
    boolean met =
        switch (kind) {
          case AT_LEAST -> spread.median() >= bound;
          case AT_MOST -> spread.median() <= bound;
        };
    say(
        "%s = %s, bound %s %s: %s"
            .formatted(
                what,
                spread,
                kind == Bound.AT_LEAST ? "at least" : "at most",
                Spread.text(bound),
                met ? "met" : "missed"));
  }

  /** Prints the same without a bound. */
  void compare(String what, String of, String by) {
    say("%s: %s / %s = %s".formatted(what, of, by, ratio(what, of, by)));
  }

  private Spread ratio(String what, String of, String by) {
    List<Double> dividends = of(what, of);
    List<Double> divisors = of(what, by);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(dividends.size(), divisors.size()); i++) {
      ratios.add(dividends.get(i) / divisors.get(i));
    }
    return Spread.of(ratios);
  }

  /** Prints a line and keeps it. */
  void say(String line) {
    out.println(line);
    note("# " + line);
  }
}
