package org.oicbridge.fuzz;

import java.util.List;

/** A reader of untrusted bytes, as {@link Fuzz} drives it. */
public interface FuzzTarget {
  /** Real inputs that mutations start from. */
  List<byte[]> corpus();

  /** Fragments that are worth inserting anywhere. */
  List<String> dictionary();

  /**
   * Reads one input. Whatever the reader declares for bad input is caught here; anything that gets
   * out is a finding. Also throws when what was read breaks a promise of the reader.
   */
  void accept(byte[] input);
}
