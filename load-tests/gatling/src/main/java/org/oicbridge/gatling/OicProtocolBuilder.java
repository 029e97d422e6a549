package org.oicbridge.gatling;

import io.gatling.core.protocol.Protocol;
import io.gatling.javaapi.core.ProtocolBuilder;
import java.nio.file.Path;
import java.time.Duration;
import org.oicbridge.config.AccountConfig.Tls;

/** Where and how virtual users log in; each method gives another builder. */
public final class OicProtocolBuilder implements ProtocolBuilder {
  static final OicProtocolBuilder DEFAULT =
      new OicProtocolBuilder(
          new OicProtocol(
              "127.0.0.1", 5222, Tls.STARTTLS, null, "oic.d.controller", Duration.ofSeconds(10)));

  private final OicProtocol protocol;

  private OicProtocolBuilder(OicProtocol protocol) {
    this.protocol = protocol;
  }

  /** The XMPP server; 127.0.0.1 and 5222 by default. Its name is the domain of the JIDs. */
  public OicProtocolBuilder server(String host, int port) {
    return new OicProtocolBuilder(
        new OicProtocol(
            host,
            port,
            protocol.tls(),
            protocol.trust(),
            protocol.deviceType(),
            protocol.timeout()));
  }

  /** How the streams are secured; STARTTLS by default. */
  public OicProtocolBuilder tls(Tls tls) {
    return new OicProtocolBuilder(
        new OicProtocol(
            protocol.host(),
            protocol.port(),
            tls,
            protocol.trust(),
            protocol.deviceType(),
            protocol.timeout()));
  }

  /** A PEM file of certificate authorities to trust beside those of the system. */
  public OicProtocolBuilder trust(Path pem) {
    return new OicProtocolBuilder(
        new OicProtocol(
            protocol.host(),
            protocol.port(),
            protocol.tls(),
            pem,
            protocol.deviceType(),
            protocol.timeout()));
  }

  /** The device type in the users' full JIDs; {@code oic.d.controller} by default. */
  public OicProtocolBuilder deviceType(String deviceType) {
    return new OicProtocolBuilder(
        new OicProtocol(
            protocol.host(),
            protocol.port(),
            protocol.tls(),
            protocol.trust(),
            deviceType,
            protocol.timeout()));
  }

  /** For logins, and for requests that have none of their own; 10 s by default, 1 s to 300 s. */
  public OicProtocolBuilder timeout(Duration timeout) {
    return new OicProtocolBuilder(
        new OicProtocol(
            protocol.host(),
            protocol.port(),
            protocol.tls(),
            protocol.trust(),
            protocol.deviceType(),
            timeout));
  }

  @Override
  public Protocol protocol() {
    return protocol;
  }
}
