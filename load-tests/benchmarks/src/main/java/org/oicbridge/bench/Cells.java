package org.oicbridge.bench;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link Cell} of the command line. */
final class Cells implements ITypeConverter<Cell> {
  @Override
  public Cell convert(String text) {
    try {
      return Cell.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
