package org.oicbridge.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** libcoap's command line client; with a key it speaks DTLS. Bodies are JSON in both directions. */
public final class LibcoapClient {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Pattern RESPONSE =
      Pattern.compile("process incoming (\\d\\.\\d\\d) response");
  private static final Pattern SESSION = Pattern.compile(":(\\d+) <-> \\S+ UDP : session");

  private final String program;
  private final List<String> security;

  private LibcoapClient(String program, List<String> security) {
    this.program = program;
    this.security = List.copyOf(security);
  }

  /** One that speaks CoAP in the clear. */
  public static LibcoapClient plain() {
    return new LibcoapClient("coap-client-notls", List.of());
  }

  /** One that speaks DTLS with a pre-shared key of printable characters. */
  public static LibcoapClient withKey(String identity, String key) {
    return new LibcoapClient("coap-client-openssl", List.of("-u", identity, "-k", key));
  }

  /** Retrieves a resource; gives what the program printed, codes of errors among it. */
  public String get(String uri) {
    return run("-m", "get", "-A", "50", uri);
  }

  /** Posts a JSON body. */
  public String post(String uri, String json) {
    return run("-m", "post", "-A", "50", "-t", "50", "-e", json, uri);
  }

  /** Any call. */
  public String run(String... arguments) {
    List<String> all = new ArrayList<>(security);
    // Seconds to wait for the answer, which end the program by themselves.
    all.addAll(List.of("-B", "10"));
    all.addAll(List.of(arguments));
    return Peers.run(PATIENCE, program, all.toArray(String[]::new));
  }

  /**
   * What was answered.
   *
   * @param code such as {@code 2.05}; empty when nothing came
   * @param body the payload, that of an error too; empty when there is none
   * @param port of the client, which ends with its call
   */
  public record Reply(String code, String body, int port) {}

  /** Any call, with its answer taken apart. */
  public Reply call(String... arguments) {
    try {
      Path body = Files.createTempFile("oic-bridge-answer", ".bin");
      try {
        List<String> all = new ArrayList<>(List.of("-v", "7", "-o", body.toString()));
        all.addAll(List.of(arguments));
        String log = run(all.toArray(String[]::new));
        String port = first(SESSION, log);
        return new Reply(
            first(RESPONSE, log),
            Files.readString(body),
            port.isEmpty() ? 0 : Integer.parseInt(port));
      } finally {
        Files.deleteIfExists(body);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String first(Pattern pattern, String log) {
    Matcher matcher = pattern.matcher(log);
    return matcher.find() ? matcher.group(1) : "";
  }

  /**
   * Observes a resource for so many seconds, or until it is closed.
   *
   * @param more options before the address of the resource
   */
  public Observation observe(String uri, int seconds, String... more) {
    List<String> command = new ArrayList<>(List.of(Peers.require(program).toString()));
    command.addAll(security);
    command.addAll(List.of("-m", "get", "-A", "50", "-s", Integer.toString(seconds), "-w"));
    command.addAll(List.of(more));
    command.add(uri);
    try {
      return new Observation(
          ChildProcess.start(
              Files.createTempDirectory("oic-bridge-observe"), Map.of(), List.copyOf(command)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What an observing client prints: one line for each notification. */
  public static final class Observation implements AutoCloseable {
    private final ChildProcess process;

    private Observation(ChildProcess process) {
      this.process = process;
    }

    /** Waits until a text was printed. */
    public boolean sees(String text, Duration time) {
      return process.awaitOutput(time, List.of(text));
    }

    /** Waits until the newest line is as expected. */
    public boolean seesLast(Predicate<String> expected, Duration time) {
      return process.awaitLast(time, expected);
    }

    /** Everything so far. */
    public String output() {
      return process.output();
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
