package org.oicbridge.store;

import org.oicbridge.config.StoreConfig;

class SqliteRegistryTest extends RegistryContract {
  @Override
  StoreConfig config() {
    return new StoreConfig(null, null, null, null, null);
  }
}
