package org.oicbridge.coap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.CoapServerConfig;

/** Builds the DTLS connectors towards devices. */
final class DtlsClient {
  /**
   * A handshake with a wrong key ends by a timeout, and until then none with the right key can
   * begin: so it is given less time than CoAP itself.
   */
  private static final int HANDSHAKE_RETRANSMISSIONS = 2;

  private DtlsClient() {}

  /** For devices that share a key with the gateway. */
  static DTLSConnector withKeys(CoapConfig config, DeviceKeys keys) {
    return new DTLSConnector(
        builder(config)
            .setAdvancedPskStore(keys)
            .setApplicationLevelInfoSupplier(
                (principal, key) ->
                    key == null ? null : AdditionalInfo.from(Map.of(SessionMatcher.KEY, key)))
            .build());
  }

  /**
   * For devices that show a certificate; reading the files blocks.
   *
   * @throws IOException when the configuration has no authorities, or a file can't be used
   */
  static DTLSConnector withCertificates(CoapConfig config) throws IOException {
    CoapServerConfig server = config.server();
    if (server == null || server.trust() == null) {
      throw new IOException("coaps without a key needs coap.server.trust");
    }
    DtlsConnectorConfig.Builder builder =
        builder(config)
            .setAdvancedCertificateVerifier(
                StaticNewAdvancedCertificateVerifier.builder()
                    .setTrustedCertificates(PemFiles.chain("coap.server.trust", server.trust()))
                    .build());
    if (server.certificate() != null) {
      builder.setCertificateIdentityProvider(
          new SingleCertificateProvider(
              PemFiles.key("coap.server.key", server.key()),
              PemFiles.chain("coap.server.certificate", server.certificate()),
              CertificateType.X_509));
    }
    return new DTLSConnector(builder.build());
  }

  private static DtlsConnectorConfig.Builder builder(CoapConfig config) {
    Configuration configuration =
        DtlsServer.configuration(DtlsRole.CLIENT_ONLY, Devices.LIMIT)
            .set(
                DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT,
                config.ackTimeout().toMillis(),
                TimeUnit.MILLISECONDS)
            .set(
                DtlsConfig.DTLS_MAX_RETRANSMISSION_TIMEOUT,
                2 * config.ackTimeout().toMillis(),
                TimeUnit.MILLISECONDS)
            .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, HANDSHAKE_RETRANSMISSIONS)
            // SessionMatcher compares the names: devices go by their identifier as well.
            .set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false);
    return DtlsConnectorConfig.builder(configuration)
        .setAddress(new InetSocketAddress(config.host(), 0))
        .setLoggingTag("coap-devices")
        // Nobody needs to find the gateway at a new address: it takes the ids of devices.
        .setConnectionIdGenerator(new SingleNodeConnectionIdGenerator(0));
  }
}
