package org.oicbridge.store;

import java.util.List;
import java.util.Optional;

/** Keys that a command has at hand. */
record KnownKeys(List<RegistryKey> keys, String name) implements KeySource {
  @Override
  public boolean missing() {
    return false;
  }

  @Override
  public RegistryKey first() {
    return keys.get(0);
  }

  @Override
  public Optional<RegistryKey> find(String id, byte[] handover) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }
}
