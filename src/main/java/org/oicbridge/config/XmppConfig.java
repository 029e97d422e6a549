package org.oicbridge.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What all XMPP sessions have in common.
 *
 * @param connectTimeout for one TCP connection attempt
 * @param negotiationTimeout from the connection to the bound session
 * @param pingInterval how long a stream may be silent before the server is asked whether it is
 *     there
 * @param pingTimeout how long its answer may take before the connection counts as lost
 * @param reconnectBase the longest first pause before a new attempt; each further one doubles
 * @param reconnectCeiling the longest pause that there can be
 * @param loginsAtOnce how many sessions of this process negotiate at the same time, 1 to 1024
 * @param loginsPerSecond how many logins this process begins at one server in a second, 0 for any
 *     number
 * @param sessionsPerAccount what the server allows with the gateway's own session, 0 for no limit
 * @param maxStanza longest stanza taken from a server, in bytes, 10000 to 4 MiB (RFC 6120 13.12)
 * @param maxScramIterations most rounds a server may ask for, 4096 to 1000000 (RFC 5802 5.1)
 * @param streamManagement whether to acknowledge stanzas and resume streams (XEP-0198) where the
 *     server offers it
 * @param resumeTimeout how long a session whose connection is lost is kept for its stream to be
 *     resumed, unless the server keeps it for less
 * @param bytesPerSecond how fast one session sends, 0 for any speed
 * @param tlsEngine what does TLS
 * @param trust PEM file of further certificate authorities, or null
 */
public record XmppConfig(
    Duration connectTimeout,
    Duration negotiationTimeout,
    Duration pingInterval,
    Duration pingTimeout,
    Duration reconnectBase,
    Duration reconnectCeiling,
    int loginsAtOnce,
    int loginsPerSecond,
    int sessionsPerAccount,
    int maxStanza,
    int maxScramIterations,
    boolean streamManagement,
    Duration resumeTimeout,
    int bytesPerSecond,
    TlsEngine tlsEngine,
    Path trust) {

  /** What does TLS towards XMPP servers. */
  public enum TlsEngine {
    /** {@link #BORINGSSL} where its library runs, else {@link #JDK}. */
    AUTO,
    /** BoringSSL, a library for Linux on x86-64. */
    BORINGSSL,
    /** That of the Java runtime. */
    JDK;

    static TlsEngine parse(String text) {
      return switch (text) {
        case "auto" -> AUTO;
        case "boringssl" -> BORINGSSL;
        case "jdk" -> JDK;
        default ->
            throw new IllegalArgumentException("\"" + text + "\", expected auto, boringssl or jdk");
      };
    }
  }

  static XmppConfig read(Section section) {
    return new XmppConfig(
        section.seconds("connectTimeout", 10, 0.1, 120),
        section.seconds("negotiationTimeout", 30, 0.1, 300),
        section.seconds("pingInterval", 120, 1, 3600),
        section.seconds("pingTimeout", 30, 0.1, 300),
        section.seconds("reconnectBase", 5, 0.01, 60),
        section.seconds("reconnectCeiling", 300, 0.01, 300),
        section.integer("loginsAtOnce", 32, 1, 1024),
        section.integer("loginsPerSecond", 50, 0, 10_000),
        section.integer("sessionsPerAccount", 0, 0, 1_000_000),
        section.integer("maxStanza", 262_144, 10_000, 4 << 20),
        section.integer("maxScramIterations", 100_000, 4096, 1_000_000),
        section.flag("streamManagement", true),
        section.seconds("resumeTimeout", 300, 1, 3600),
        section.integer("bytesPerSecond", 0, 0, 1 << 30),
        section.parsed("tlsEngine", "auto", TlsEngine::parse),
        section.parsed("trust", null, Path::of));
  }
}
