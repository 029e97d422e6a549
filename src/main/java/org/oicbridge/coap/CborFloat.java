package org.oicbridge.coap;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Prints CBOR floats with the fewest digits that read back as the same value in their own width, so
 * that the float32 of 0.1 prints as 0.1. There is always a point or an exponent: a float stays a
 * float on its way back to the device. What JSON can't say is null (RFC 8949 section 6.1).
 */
final class CborFloat {
  private CborFloat() {}

  static void print(StringBuilder out, double value) {
    // Double.toString prints more digits than needed before JDK 19 (JDK-4511638).
    out.append(Double.isFinite(value) ? NumberOutput.toString(value, true) : "null");
  }

  static void print(StringBuilder out, float value) {
    out.append(Float.isFinite(value) ? NumberOutput.toString(value, true) : "null");
  }

  /** Prints the float16 with these bits. */
  static void printHalf(StringBuilder out, int bits) {
    double value = half(bits);
    // Whole numbers keep all their digits: 8190 would read back as 8192 in this width only.
    if (!Double.isFinite(value) || value == Math.rint(value)) {
      print(out, value);
      return;
    }
    BigDecimal exact = new BigDecimal(value);
    int digits = 1;
    double shortest;
    do {
      shortest = exact.round(new MathContext(digits++)).doubleValue();
    } while (toHalf(Math.abs(shortest)) != (bits & 0x7fff));
    print(out, shortest);
  }

  /** The value of a float16 (RFC 8949 appendix D). */
  static double half(int bits) {
    int exponent = bits >> 10 & 0x1f;
    int mantissa = bits & 0x3ff;
    double magnitude;
    if (exponent == 0) {
      magnitude = Math.scalb((double) mantissa, -24);
    } else if (exponent != 31) {
      magnitude = Math.scalb((double) (mantissa + 1024), exponent - 25);
    } else {
      magnitude = mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return (bits & 0x8000) == 0 ? magnitude : -magnitude;
  }

  /** The bits of the float16 nearest to a magnitude, ties to even. */
  private static int toHalf(double magnitude) {
    int exponent = Math.max(-14, Math.getExponent(magnitude));
    // One unit of the last place is 2^(exponent-10); a carry into the next exponent just adds up.
    int units = (int) Math.rint(Math.scalb(magnitude, 10 - exponent));
    return ((exponent + 14) << 10) + units;
  }
}
