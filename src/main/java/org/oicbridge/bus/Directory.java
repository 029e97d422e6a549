package org.oicbridge.bus;

import java.net.URI;
import java.util.List;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Link;

/** What is published in the resource directory, by device identifier. */
public record Directory(List<Entry> entries) {
  public Directory {
    entries = List.copyOf(entries);
  }

  /** One device with its links. */
  public record Entry(DeviceId di, String name, URI endpoint, List<Link> links) {
    public Entry {
      links = List.copyOf(links);
    }
  }
}
