package org.oicbridge.bench;

import java.util.List;
import java.util.Locale;

/**
 * What a figure was in all rounds.
 *
 * @param median of an even number, the mean of the two in the middle
 */
record Spread(double minimum, double median, double maximum) {
  static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int last = sorted.size() - 1;
    double median = (sorted.get(last / 2) + sorted.get((last + 1) / 2)) / 2;
    return new Spread(sorted.get(0), median, sorted.get(last));
  }

  @Override
  public String toString() {
    return "%s / %s / %s".formatted(text(minimum), text(median), text(maximum));
  }

  /** Three digits that count. */
  static String text(double value) {
    double size = Math.abs(value);
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}
