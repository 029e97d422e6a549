package org.oicbridge;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code /metrics} says. */
final class Scrape {
  private Scrape() {}

  /**
   * The sum of a metric's series.
   *
   * @param name a regular expression for the name, and for the labels if not all of them count
   */
  static double sum(String text, String name) {
    Matcher lines = Pattern.compile("(?m)^" + name + "(\\{[^}]*})? ([-0-9.E]+)$").matcher(text);
    double sum = 0;
    while (lines.find()) {
      sum += Double.parseDouble(lines.group(2));
    }
    return sum;
  }
}
