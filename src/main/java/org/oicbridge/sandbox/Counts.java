package org.oicbridge.sandbox;

import java.util.ArrayList;
import java.util.List;

/** Counts what happens on the server, and tells who waits for a change. */
final class Counts {
  private final List<Runnable> watchers = new ArrayList<>();
  private long connections;
  private long binds;
  private long resumptions;

  void connected() {
    connections++;
    changed();
  }

  long connections() {
    return connections;
  }

  void bound() {
    binds++;
    changed();
  }

  void resumed() {
    resumptions++;
    changed();
  }

  long binds() {
    return binds;
  }

  long resumptions() {
    return resumptions;
  }

  /** Something is different now that is counted here or elsewhere. */
  void changed() {
    if (!watchers.isEmpty()) {
      List.copyOf(watchers).forEach(Runnable::run);
    }
  }

  void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }
}
