package org.oicbridge.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second gateway out of a data directory. The system lets go of it when a process ends. */
final class DataDirLock implements AutoCloseable {
  private static final String NAME = "gateway.lock";

  // Held, because the JDK forgets a lock of this process that nothing refers to.
  private final FileLock lock;

  private DataDirLock(FileLock lock) {
    this.lock = lock;
  }

  /** Takes it, and makes the directory when it is missing. */
  static DataDirLock take(Path dataDir) throws StoreException {
    try {
      Files.createDirectories(dataDir);
      FileChannel channel =
          FileChannel.open(
              dataDir.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DataDirLock(lock);
      }
      channel.close();
    } catch (OverlappingFileLockException e) {
      // By the other gateway of this process. Closing the channel would end its lock as well.
    } catch (IOException e) {
      throw new StoreException("data.dir " + dataDir + " can't be used: " + e, e);
    }
    throw new StoreException(
        "data.dir " + dataDir + " is in use by another gateway; stop that one first");
  }

  @Override
  public void close() {
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      // The lock goes with the process at the latest.
    }
  }
}
