package org.oicbridge.sandbox;

/** A room's temperature, which wanders between 19 and 23 degrees Celsius in steps of 0.1. */
final class Temperature {
  private static final int LOWEST = 190;
  private static final int HIGHEST = 230;

  // In tenths, so that what is sent has one decimal.
  private int tenths = 210;
  private int step = 1;

  double celsius() {
    return tenths / 10.0;
  }

  double next() {
    if (tenths + step > HIGHEST || tenths + step < LOWEST) {
      step = -step;
    }
    tenths += step;
    return celsius();
  }
}
