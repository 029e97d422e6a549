package org.oicbridge.doctor;

import org.oicbridge.doctor.Finding.Level;

/** Something that leaves nothing more to find out. */
final class EndOfCheck extends Exception {
  private final transient Finding finding;

  EndOfCheck(String name, String value, String meaning) {
    super(name + ": " + value);
    this.finding = new Finding(name, value, "", Level.CHANGE, meaning);
  }

  Finding finding() {
    return finding;
  }
}
