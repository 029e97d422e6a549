package org.oicbridge.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A file system in memory that only one command sees. */
public final class OwnDisk {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String MOUNT =
      "mount -t tmpfs -o \"$1\" tmpfs \"$2\" && shift 2 && exec \"$@\"";

  private OwnDisk() {}

  /**
   * What stands before a command that is to see it. Skips the running test, or fails it, by the
   * rule of {@link Peers#require}, when that is not allowed here.
   *
   * @param options of the mount, such as {@code size=40k} or {@code ro}
   * @param directory where it is
   */
  public static List<String> command(String options, Path directory) {
    List<String> command =
        List.of("--mount", "sh", "-c", MOUNT, "sh", options, directory.toString());
    List<String> tried = new ArrayList<>(command);
    tried.add("true");
    String refusal = Peers.run(PATIENCE, "unshare", tried.toArray(String[]::new));
    if (!refusal.isEmpty()) {
      Peers.missing("file systems can't be mounted here: " + refusal);
    }
    List<String> whole = new ArrayList<>(List.of(Peers.require("unshare").toString()));
    whole.addAll(command);
    return whole;
  }
}
