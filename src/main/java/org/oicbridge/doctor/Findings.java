package org.oicbridge.doctor;

import java.util.ArrayList;
import java.util.List;
import org.oicbridge.doctor.Finding.Level;

/** What was found so far, in the order in which it was. */
final class Findings {
  /** More of what a server says is not shown. */
  private static final int MAX_TEXT = 300;

  private static final int MAX_LIST = 40;

  private final List<Finding> list = new ArrayList<>();

  void ok(String name, Object value, String meaning) {
    add(Level.OK, name, value, "", meaning);
  }

  void note(String name, Object value, String meaning) {
    add(Level.NOTE, name, value, "", meaning);
  }

  void change(String name, Object value, String meaning) {
    add(Level.CHANGE, name, value, "", meaning);
  }

  void add(Level level, String name, Object value, String unit, String meaning) {
    list.add(new Finding(name, bounded(value), unit, level, meaning));
  }

  void add(Finding finding) {
    list.add(finding);
  }

  List<Finding> list() {
    return List.copyOf(list);
  }

  private static Object bounded(Object value) {
    if (value instanceof List<?> many) {
      return many.stream().limit(MAX_LIST).map(one -> bounded(String.valueOf(one))).toList();
    }
    if (value instanceof String text && text.length() > MAX_TEXT) {
      return text.substring(0, MAX_TEXT) + "…";
    }
    return value;
  }
}
