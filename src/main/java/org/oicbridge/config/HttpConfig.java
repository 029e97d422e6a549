package org.oicbridge.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The HTTP API.
 *
 * @param host the address to listen on; beyond loopback TLS and a token are required
 * @param port 0 to 65535, 0 for any free one
 * @param certificate PEM chain for TLS, or null for plain HTTP
 * @param key PEM key of that certificate, or null
 * @param behindTlsProxy says that something in front of the gateway ends TLS
 * @param token the bearer token that callers must show, or null for none; it never appears in
 *     {@link #toString()}
 * @param hostNames names that the Host header may have beside the address itself
 * @param maxBody longest request body in bytes, 1 KiB to 16 MiB
 * @param requestsAtOnce requests under way at the same time, event streams apart, 1 to 1000000
 * @param subscribers event streams that are open at the same time, 1 to 100000
 * @param stallTimeout how long a reader of an event stream may take nothing of what there is for
 *     it, 0.1 s to 3600 s
 */
public record HttpConfig(
    String host,
    int port,
    Path certificate,
    Path key,
    boolean behindTlsProxy,
    String token,
    List<String> hostNames,
    int maxBody,
    int requestsAtOnce,
    int subscribers,
    Duration stallTimeout) {

  static HttpConfig read(Section section) {
    // One pass over http.tls: a second one would refuse the keys of the first.
    Path[] tls =
        section.section(
            "tls",
            pair ->
                new Path[] {
                  pair.parsed("certificate", null, Path::of), pair.parsed("key", null, Path::of)
                });
    HttpConfig config =
        new HttpConfig(
            section.text("host", "127.0.0.1"),
            section.integer("port", 8080, 0, 65_535),
            tls[0],
            tls[1],
            section.flag("behindTlsProxy", false),
            section.text("token", null),
            section.texts("hostNames"),
            section.integer("maxBody", 1 << 20, 1 << 10, 16 << 20),
            section.integer("requestsAtOnce", 4096, 1, 1_000_000),
            section.integer("subscribers", 1000, 1, 100_000),
            section.seconds("stallTimeout", 60, 0.1, 3600));
    config.check(section);
    return config;
  }

  private void check(Section section) {
    if ((certificate == null) != (key == null)) {
      section.mistake("tls", "needs both certificate and key");
    }
    boolean local;
    try {
      local = InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      section.mistake("host", "is \"" + host + "\", which is no address of this machine");
      return;
    }
    if (!local && certificate == null && !behindTlsProxy) {
      section.mistake(
          "host",
          "is \"" + host + "\", beyond loopback: set http.tls, or http.behindTlsProxy: true");
    }
    if (!local && token == null) {
      section.mistake("host", "is \"" + host + "\", beyond loopback: set http.token");
    }
    if (token != null && token.length() < 16) {
      section.mistake("token", "has " + token.length() + " characters, expected at least 16");
    }
  }

  @Override
  public String toString() {
    return host + ":" + port + (certificate == null ? "" : " with TLS");
  }
}
