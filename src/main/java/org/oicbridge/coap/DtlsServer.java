package org.oicbridge.coap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.ConnectionListener;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.AlertMessage.AlertDescription;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.Connection;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.Secret;

/** Builds the DTLS side of the server (RFC 6347, RFC 7252 section 9, RFC 9146). */
final class DtlsServer {
  private static final int CONNECTIONS = 10_000;
  private static final int JOBS = 2_000;
  private static final int CONNECTION_ID = 6;
  private static final long IDLE_MINUTES = 30;

  private DtlsServer() {}

  /**
   * A connector that is not started yet; reading the files blocks.
   *
   * @param executor runs the handshakes
   * @param lost is told whose session has ended
   * @throws IOException with the key and the file when one of them can't be used
   */
  static DTLSConnector connector(
      CoapServerConfig config, ScheduledExecutorService executor, Consumer<InetSocketAddress> lost)
      throws IOException {
    Map<String, Secret> keys =
        config.identities().stream()
            .map(IdentityConfig::proof)
            .filter(IdentityConfig.Psk.class::isInstance)
            .map(IdentityConfig.Psk.class::cast)
            .collect(Collectors.toMap(IdentityConfig.Psk::identity, IdentityConfig.Psk::key));
    if (keys.isEmpty() && config.certificate() == null) {
      throw new IOException(
          "coap.server.securePort needs coap.server.certificate, or an identity with psk");
    }
    DtlsConnectorConfig.Builder builder =
        DtlsConnectorConfig.builder(configuration(config))
            .setAddress(new InetSocketAddress(config.host(), config.securePort()))
            .setLoggingTag("coap-server")
            .setConnectionIdGenerator(new SingleNodeConnectionIdGenerator(CONNECTION_ID))
            .setConnectionListener(new Losses(lost))
            .setHealthHandler(new HandshakeCount());
    if (!keys.isEmpty()) {
      builder.setAdvancedPskStore(new ServerKeys(keys, new SecureRandom()));
    }
    if (config.certificate() != null) {
      certificates(config, builder);
    }
    DTLSConnector connector = new DTLSConnector(builder.build());
    connector.setExecutor(executor);
    connector.setAlertHandler(
        (peer, alert) -> {
          if (alert.getDescription() == AlertDescription.CLOSE_NOTIFY) {
            lost.accept(peer);
          }
        });
    return connector;
  }

  private static Configuration configuration(CoapServerConfig config) {
    Configuration configuration = configuration(DtlsRole.SERVER_ONLY, CONNECTIONS);
    configuration.set(
        DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE,
        config.trust() == null
            ? CertificateAuthenticationMode.NONE
            : CertificateAuthenticationMode.WANTED);
    // Resumption would keep the secrets of sessions that are long over.
    configuration.set(DtlsConfig.DTLS_SERVER_USE_SESSION_ID, false);
    return configuration;
  }

  /** What both directions have in common: bounds on memory and threads. */
  static Configuration configuration(DtlsRole role, int connections) {
    return Configuration.createStandardWithoutFile()
        .set(DtlsConfig.DTLS_ROLE, role)
        .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
        .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1)
        .set(DtlsConfig.DTLS_MAX_CONNECTIONS, connections)
        .set(DtlsConfig.DTLS_STALE_CONNECTION_THRESHOLD, IDLE_MINUTES, TimeUnit.MINUTES)
        .set(DtlsConfig.DTLS_MAX_PENDING_INBOUND_JOBS, JOBS)
        .set(DtlsConfig.DTLS_MAX_PENDING_OUTBOUND_JOBS, JOBS)
        .set(DtlsConfig.DTLS_MAX_PENDING_HANDSHAKE_RESULT_JOBS, JOBS);
  }

  private static void certificates(CoapServerConfig config, DtlsConnectorConfig.Builder builder)
      throws IOException {
    try {
      X509Certificate[] chain = PemFiles.chain("coap.server.certificate", config.certificate());
      builder.setCertificateIdentityProvider(
          new SingleCertificateProvider(
              PemFiles.key("coap.server.key", config.key()), chain, CertificateType.X_509));
      if (config.trust() != null) {
        Certificate[] trust = PemFiles.chain("coap.server.trust", config.trust());
        builder.setAdvancedCertificateVerifier(
            StaticNewAdvancedCertificateVerifier.builder().setTrustedCertificates(trust).build());
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("coap.server.certificate and key can't be used: " + e.getMessage(), e);
    }
  }

  private record Losses(Consumer<InetSocketAddress> lost) implements ConnectionListener {
    @Override
    public void onConnectionEstablished(Connection connection) {}

    @Override
    public void onConnectionRemoved(Connection connection) {
      if (connection.getPeerAddress() != null) {
        lost.accept(connection.getPeerAddress());
      }
    }

    @Override
    public boolean onConnectionUpdatesSequenceNumbers(Connection connection, boolean write) {
      return false;
    }

    @Override
    public boolean onConnectionMacError(Connection connection) {
      return false;
    }

    @Override
    public void beforeExecution(Connection connection) {}

    @Override
    public void updateExecution(Connection connection) {}

    @Override
    public void afterExecution(Connection connection) {}
  }
}
