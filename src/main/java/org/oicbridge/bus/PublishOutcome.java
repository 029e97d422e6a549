package org.oicbridge.bus;

import java.util.List;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.Status;

/**
 * What became of a publication or its withdrawal.
 *
 * @param status how it ended
 * @param links the published links with the numbers that the directory gave them, in the order of
 *     the publication
 * @param problem why it was refused, or null
 */
public record PublishOutcome(Status status, List<Link> links, Problem problem) {
  public PublishOutcome {
    links = List.copyOf(links);
  }

  public static PublishOutcome done(Status status, List<Link> links) {
    return new PublishOutcome(status, links, null);
  }

  public static PublishOutcome refused(Status status, String type, String detail) {
    return new PublishOutcome(status, List.of(), Problem.of(status, type, detail));
  }
}
