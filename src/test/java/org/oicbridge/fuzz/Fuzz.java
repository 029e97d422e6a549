package org.oicbridge.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Feeds a reader with inputs mutated from real ones: {@code Fuzz TARGET_CLASS COUNT [SEED]}. Prints
 * what it did; a finding is printed with its seed and its bytes and ends the run with status 1.
 */
public final class Fuzz {
  private static final int MAX_INPUT = 4096;

  private final SplittableRandom random;
  private final List<byte[]> corpus;
  private final List<String> dictionary;

  private Fuzz(FuzzTarget target, long seed) {
    this.random = new SplittableRandom(seed);
    this.corpus = target.corpus();
    this.dictionary = target.dictionary();
  }

  public static void main(String[] args) throws ReflectiveOperationException {
    long count = Long.parseLong(args[1]);
    long seed = args.length > 2 ? Long.parseLong(args[2]) : System.nanoTime();
    FuzzTarget target =
        Class.forName(args[0]).asSubclass(FuzzTarget.class).getDeclaredConstructor().newInstance();
    long started = System.nanoTime();
    long findings = run(target, count, seed);
    System.out.printf(
        "%s: %d inputs, %d findings, seed %d, %.0f s%n",
        target.getClass().getSimpleName(),
        count,
        findings,
        seed,
        (System.nanoTime() - started) / 1e9);
    System.exit(findings == 0 ? 0 : 1);
  }

  /**
   * Runs a number of inputs and tells how many of them (at most one, it stops there) were findings.
   */
  public static long run(FuzzTarget target, long count, long seed) {
    Fuzz fuzz = new Fuzz(target, seed);
    for (long i = 0; i < count; i++) {
      byte[] input = fuzz.next();
      try {
        target.accept(input);
      } catch (RuntimeException | Error e) {
        System.out.printf(
            "FINDING seed %d input %d: %s%n%s%n", seed, i, e, HexFormat.of().formatHex(input));
        e.printStackTrace(System.out);
        return 1;
      }
    }
    return 0;
  }

  private byte[] next() {
    byte[] input = pick();
    int rounds = random.nextInt(5);
    for (int i = 0; i < rounds; i++) {
      input = mutate(input);
    }
    return input.length > MAX_INPUT ? Arrays.copyOf(input, MAX_INPUT) : input;
  }

  private byte[] pick() {
    return corpus.get(random.nextInt(corpus.size())).clone();
  }

  private byte[] mutate(byte[] in) {
    int at = random.nextInt(in.length + 1);
    return switch (random.nextInt(8)) {
      case 0 -> flip(in);
      case 1 -> Arrays.copyOf(in, at);
      case 2 -> Arrays.copyOfRange(in, at, in.length);
      case 3 -> splice(in, at, at, word());
      case 4 -> splice(in, at, Math.min(in.length, at + 1 + random.nextInt(8)), new byte[0]);
      case 5 -> splice(in, at, Math.min(in.length, at + random.nextInt(16)), word());
      case 6 -> {
        byte[] other = pick();
        int from = random.nextInt(other.length + 1);
        yield splice(in, at, in.length, Arrays.copyOfRange(other, from, other.length));
      }
      default -> {
        int to = Math.min(in.length, at + random.nextInt(32));
        yield splice(in, at, at, Arrays.copyOfRange(in, at, to));
      }
    };
  }

  private byte[] flip(byte[] in) {
    if (in.length > 0) {
      in[random.nextInt(in.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return in;
  }

  private byte[] word() {
    if (dictionary.isEmpty() || random.nextInt(4) == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    return dictionary.get(random.nextInt(dictionary.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] splice(byte[] in, int from, int to, byte[] middle) {
    byte[] out = new byte[from + middle.length + in.length - to];
    System.arraycopy(in, 0, out, 0, from);
    System.arraycopy(middle, 0, out, from, middle.length);
    System.arraycopy(in, to, out, from + middle.length, in.length - to);
    return out;
  }
}
