package org.oicbridge.store;

import java.util.Optional;

/** Where the key of the registry comes from. */
interface KeySource {
  /** Names it for people. */
  String name();

  /** Whether there is a key at all. */
  boolean missing() throws StoreException;

  /** The key for a registry that has none yet; made when it is missing. */
  RegistryKey first() throws StoreException;

  /**
   * The key of this id, if it is there.
   *
   * @param handover the key that follows, encrypted with the one that is there; or null
   */
  Optional<RegistryKey> find(String id, byte[] handover) throws StoreException;
}
