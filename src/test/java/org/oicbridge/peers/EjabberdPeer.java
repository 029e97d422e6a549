package org.oicbridge.peers;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debian's ejabberd as a child process on loopback. Its Erlang is started without ejabberdctl,
 * which would change to another user when root calls it, and without distribution, so that neither
 * a node name nor epmd is shared with anything else on the machine.
 */
public final class EjabberdPeer implements XmppServer {
  private static final String DOMAIN = "ejabberd.test";
  private static final Duration START = Duration.ofSeconds(60);
  private static final int TRIES = 3;
  private static final Pattern ERL_LIBS = Pattern.compile("(?m)^ERL_LIBS='([^']+)'");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ServerFiles files;
  private final ChildProcess process;
  private final int port;
  private final int directTlsPort;
  private final int apiPort;

  private EjabberdPeer(ServerFiles files, ChildProcess process, List<Integer> ports) {
    this.files = files;
    this.process = process;
    this.port = ports.get(0);
    this.directTlsPort = ports.get(1);
    this.apiPort = ports.get(2);
  }

  /** The one hash in which ejabberd keeps its passwords; it offers that SCRAM only, and PLAIN. */
  public enum ScramHash {
    SHA_1("sha"),
    SHA_256("sha256");

    private final String key;

    ScramHash(String key) {
      this.key = key;
    }
  }

  /** How the server is set up. */
  public record Options(ServerLimits limits, ScramHash hash) {

    /** Debian's packaged configuration: {@code auth_password_format: scram}, SHA-1. */
    public static Options asShipped() {
      return new Options(ServerLimits.AS_SHIPPED, ScramHash.SHA_1);
    }

    /** For a fleet: no rate limit, no ban, any number of sessions, SCRAM-SHA-256. */
    public static Options tuned() {
      return new Options(ServerLimits.TUNED, ScramHash.SHA_256);
    }

    public Options withLimits(ServerLimits value) {
      return new Options(value, hash);
    }

    public Options withHash(ScramHash value) {
      return new Options(limits, value);
    }
  }

  /** Starts it and waits until all its ports listen; tries again when one was taken. */
  public static EjabberdPeer start(Options options) {
    Path control = Peers.require("ejabberdctl");
    String erlang = Peers.require("erl").toString();
    StringBuilder failures = new StringBuilder();
    for (int i = 0; i < TRIES; i++) {
      ServerFiles files = ServerFiles.create("ejabberd", DOMAIN);
      List<Integer> ports = LoopbackPorts.free(3);
      Path config = files.write("ejabberd.yml", configuration(files, ports, options));
      String folder = files.folder().toString();
      Map<String, String> environment =
          Map.of(
              "EJABBERD_CONFIG_PATH",
              config.toString(),
              "EJABBERD_LOG_PATH",
              folder + "/ejabberd.log",
              "ERL_LIBS",
              erlangLibraries(control),
              "ERL_CRASH_DUMP_BYTES",
              "0",
              "HOME",
              folder);
      ChildProcess process =
          ChildProcess.start(
              files.folder(),
              environment,
              List.of(
                  erlang,
                  "+K",
                  "true",
                  "+P",
                  "250000",
                  "+sbwt",
                  "none",
                  "-mnesia",
                  "dir",
                  "\"" + folder + "/spool\"",
                  "-ejabberd",
                  "log_rotate_count",
                  "0",
                  "-s",
                  "ejabberd",
                  "-noinput"));
      List<String> listening =
          ports.stream().map(p -> "connections at 127.0.0.1:" + p + " for ").toList();
      if (process.awaitOutput(START, listening)) {
        return new EjabberdPeer(files, process, ports);
      }
      failures.append(process.output()).append('\n');
      process.close();
    }
    throw new IllegalStateException("ejabberd did not start:\n" + failures);
  }

  @Override
  public String domain() {
    return DOMAIN;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int directTlsPort() {
    return directTlsPort;
  }

  @Override
  public Path caFile() {
    return files.caFile();
  }

  @Override
  public void addUser(String name, String password) {
    String body =
        JsonNodeFactory.instance
            .objectNode()
            .put("user", name)
            .put("host", DOMAIN)
            .put("password", password)
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + apiPort + "/api/register"))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("registering " + name + ": " + response.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while registering " + name, e);
    }
  }

  @Override
  public String log() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
  }

  // The folder depends on the machine's architecture; Debian writes it into its own script.
  private static String erlangLibraries(Path control) {
    try {
      Matcher found = ERL_LIBS.matcher(Files.readString(control));
      if (!found.find()) {
        throw new IllegalStateException(control + " sets no ERL_LIBS: is it Debian's ejabberd?");
      }
      return found.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String configuration(ServerFiles files, List<Integer> ports, Options options) {
    String common =
        """
        loglevel: info
        log_rotate_count: 0
        hosts:
          - %1$s
        certfiles:
          - "%2$s"
          - "%3$s"
        define_macro:
          'TLS_OPTIONS':
            - "no_sslv3"
            - "no_tlsv1"
            - "no_tlsv1_1"
            - "cipher_server_preference"
            - "no_compression"
        c2s_ciphers: "HIGH:!aNULL:!eNULL:!3DES:@STRENGTH"
        c2s_protocol_options: 'TLS_OPTIONS'
        listen:
          -
            port: %4$d
            ip: "127.0.0.1"
            module: ejabberd_c2s
            max_stanza_size: 262144
            shaper: c2s_shaper
            access: c2s
            starttls_required: true
          -
            port: %5$d
            ip: "127.0.0.1"
            module: ejabberd_c2s
            max_stanza_size: 262144
            shaper: c2s_shaper
            access: c2s
            tls: true
          -
            port: %6$d
            ip: "127.0.0.1"
            module: ejabberd_http
            request_handlers:
              /api: mod_http_api
        disable_sasl_mechanisms:
          - "digest-md5"
          - "X-OAUTH2"
        auth_password_format: scram
        auth_scram_hash: %7$s
        acl:
          loopback:
            ip:
              - 127.0.0.0/8
          # An operator names the accounts of the fleet; here all are.
          fleet:
            user_regexp: ""
        access_rules:
          c2s:
            allow: all
        api_permissions:
          "accounts for tests":
            who:
              ip: 127.0.0.0/8
            what:
              - register
        """
            .formatted(
                DOMAIN,
                files.chainFile(),
                files.keyFile(),
                ports.get(0),
                ports.get(1),
                ports.get(2),
                options.hash().key);
    String limits =
        switch (options.limits()) {
          case AS_SHIPPED ->
              """
              shaper:
                normal:
                  rate: 3000
                  burst_size: 20000
              shaper_rules:
                max_user_sessions: 10
                max_user_offline_messages: 100
                c2s_shaper: normal
              """;
          case TUNED ->
              """
              shaper:
                normal:
                  rate: 3000
                  burst_size: 20000
              shaper_rules:
                max_user_sessions:
                  infinity: fleet
                  10: all
                max_user_offline_messages: 100
                c2s_shaper:
                  none: fleet
                  normal: all
              """;
        };
    // Debian's list without the modules that need listeners of their own or serve chat rooms.
    String modules =
        """
        modules:
          mod_adhoc: {}
          mod_blocking: {}
          mod_caps: {}
          mod_carboncopy: {}
          mod_client_state: {}
          mod_disco: {}
          mod_http_api: {}
          mod_last: {}
          mod_offline:
            access_max_user_messages: max_user_offline_messages
          mod_ping: {}
          mod_privacy: {}
          mod_private: {}
          mod_pubsub:
            plugins:
              - flat
              - pep
          mod_roster:
            versioning: true
          mod_stream_mgmt:
            resend_on_timeout: if_offline
          mod_vcard:
            search: false
          mod_version: {}
        """;
    String guards =
        switch (options.limits()) {
          case AS_SHIPPED ->
              """
                mod_fail2ban: {}
                mod_pres_counter:
                  count: 5
                  interval: 60
              """;
          case TUNED -> "";
        };
    return common + limits + modules + guards;
  }
}
