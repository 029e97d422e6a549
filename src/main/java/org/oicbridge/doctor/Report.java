package org.oicbridge.doctor;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.oicbridge.doctor.Finding.Level;

/**
 * What was found of a server.
 *
 * @param domain its XMPP domain
 * @param findings in the order in which they were made
 */
public record Report(String domain, List<Finding> findings) {
  public Report {
    findings = List.copyOf(findings);
  }

  /** True when nothing has to be changed. */
  public boolean fit() {
    return findings.stream().noneMatch(finding -> finding.level() == Level.CHANGE);
  }

  /** What was found under a name. */
  public Optional<Finding> find(String name) {
    return findings.stream().filter(finding -> finding.name().equals(name)).findFirst();
  }

  /** For a person: a line for each finding, and one for all of them. */
  public String text() {
    long changes = findings.stream().filter(f -> f.level() == Level.CHANGE).count();
    return findings.stream().map(Finding::line).collect(Collectors.joining("\n"))
        + "\nresult: "
        + (changes == 0
            ? "nothing found that a fleet can't live with"
            : changes + " to change before a fleet can run");
  }

  /** For a program. */
  public JsonObject json() {
    JsonArray list = new JsonArray();
    findings.forEach(finding -> list.add(finding.json()));
    return new JsonObject().put("domain", domain).put("fit", fit()).put("findings", list);
  }
}
