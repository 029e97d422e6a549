package org.oicbridge;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A key in an environment variable, where no list of processes shows it. */
record KeyOption(String key) {
  /** Reads the variable that an option names. */
  static final class Converter implements ITypeConverter<KeyOption> {
    @Override
    public KeyOption convert(String variable) {
      String key = System.getenv(variable);
      if (key == null || key.isBlank()) {
        throw new TypeConversionException("the variable " + variable + " is not set");
      }
      return new KeyOption(key);
    }
  }

  @Override
  public String toString() {
    return "a key";
  }
}
