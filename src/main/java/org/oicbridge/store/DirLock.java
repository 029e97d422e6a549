package org.oicbridge.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second process out of a data directory. The system lets go of it when a process ends. */
final class DirLock implements AutoCloseable {
  // Held, because the JDK forgets a lock of this process that nothing refers to.
  private final FileLock lock;

  private DirLock(FileLock lock) {
    this.lock = lock;
  }

  /** Takes it for a gateway, and makes the directory when it is missing. */
  static DirLock ofGateway(Path dataDir) throws StoreException {
    return take(dataDir, "gateway.lock", "is in use by another gateway; stop that one first");
  }

  /**
   * Takes it.
   *
   * @param name of the file
   * @param otherwise what the directory is when another process has it
   */
  static DirLock take(Path dataDir, String name, String otherwise) throws StoreException {
    try {
      Files.createDirectories(dataDir);
      FileChannel channel =
          FileChannel.open(
              dataDir.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new DirLock(lock);
      }
      channel.close();
    } catch (OverlappingFileLockException e) {
      // By another one of this process. Closing the channel would end its lock as well.
    } catch (IOException e) {
      throw new StoreException("data.dir " + dataDir + " can't be used: " + e, e);
    }
    throw new StoreException("data.dir " + dataDir + " " + otherwise);
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
