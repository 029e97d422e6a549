package org.oicbridge.config;

import java.util.List;

/** The configuration can't be used; carries every mistake in it, each with the path of its key. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> mistakes;

  ConfigException(List<String> mistakes) {
    super(String.join("\n", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** One line per mistake: path, what was found, what was expected. */
  public List<String> mistakes() {
    return mistakes;
  }
}
