package org.oicbridge.measure;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What was measured again and again: written down at once, and judged at the end. */
final class Series implements AutoCloseable {
  /** Growth over the last two thirds that is none, as a part of the mean. */
  static final double BOUND = 0.05;

  private final BufferedWriter csv;
  private final List<Map<String, Long>> rows = new ArrayList<>();

  /**
   * How one series went over the last two thirds of the time.
   *
   * @param perHour slope of the least-squares line
   * @param grown what that makes in the two thirds, as a part of the mean
   * @param second median of the second third
   * @param upper upper quartile of the second third
   * @param last median of the last third
   */
  record Trend(
      double mean, double perHour, double grown, double second, double upper, double last) {
    /**
     * Grows by more than the bound, and what is seen in the last third is more than what was usual
     * in the second: a single peak moves the line, but not the median.
     */
    boolean grows() {
      return grown > BOUND && last > upper;
    }
  }

  Series(Path file) throws IOException {
    csv = Files.newBufferedWriter(file);
  }

  /** Adds a row; all have the same names in the same order, {@code second} first. */
  void add(Map<String, Long> row) throws IOException {
    if (rows.isEmpty()) {
      csv.write(String.join(",", row.keySet()) + "\n");
    }
    rows.add(row);
    csv.write(String.join(",", row.values().stream().map(String::valueOf).toList()) + "\n");
    csv.flush();
  }

  Trend trend(String name) {
    long end = rows.get(rows.size() - 1).get("second");
    List<double[]> points = new ArrayList<>();
    List<Double> second = new ArrayList<>();
    List<Double> last = new ArrayList<>();
    for (Map<String, Long> row : rows) {
      double at = row.get("second");
      double value = row.get(name);
      if (at >= end / 3.0) {
        points.add(new double[] {at, value});
        (at < end * 2 / 3.0 ? second : last).add(value);
      }
    }
    double mean = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
    double slope = slope(points);
    double grown = mean == 0 ? 0 : slope * end * 2 / 3 / mean;
    return new Trend(mean, slope * 3600, grown, at(second, 0.5), at(second, 0.75), at(last, 0.5));
  }

  private static double slope(List<double[]> points) {
    double x = points.stream().mapToDouble(point -> point[0]).average().orElse(0);
    double y = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
    double above = 0;
    double below = 0;
    for (double[] point : points) {
      above += (point[0] - x) * (point[1] - y);
      below += (point[0] - x) * (point[0] - x);
    }
    return below == 0 ? 0 : above / below;
  }

  /** The value below which a part of the values lies, in between two if need be. */
  static double at(List<Double> values, double part) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    double place = part * (sorted.size() - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
