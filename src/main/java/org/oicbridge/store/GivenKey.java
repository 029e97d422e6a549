package org.oicbridge.store;

import java.util.Optional;

/** A key from the configuration. A new one is handed over in the database, encrypted with it. */
final class GivenKey implements KeySource {
  private RegistryKey given;

  GivenKey(String text) throws StoreException {
    this.given = RegistryKey.parse(text, "store.key");
  }

  /** What the next key is encrypted for. */
  static String place(String nextId) {
    return "registry\0handover\0" + nextId;
  }

  @Override
  public String name() {
    return "store.key";
  }

  @Override
  public boolean missing() {
    return false;
  }

  @Override
  public RegistryKey first() {
    return given;
  }

  @Override
  public Optional<RegistryKey> find(String id, byte[] handover) throws StoreException {
    if (given.id().equals(id)) {
      return Optional.of(given);
    }
    if (handover == null) {
      return Optional.empty();
    }
    RegistryKey next;
    try {
      next = new RegistryKey(given.decrypt(handover, place(id)));
    } catch (StoreException e) {
      return Optional.empty();
    }
    if (!next.id().equals(id)) {
      return Optional.empty();
    }
    // The one after this comes encrypted with this.
    given = next;
    return Optional.of(next);
  }
}
