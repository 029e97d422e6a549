package org.oicbridge.coap;

import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;

/** Californium clients behind DTLS. */
final class DtlsClients {
  private DtlsClients() {}

  static CoapEndpoint psk(String identity, byte[] key) throws Exception {
    return OwnServer.client(
        connector(builder().setAdvancedPskStore(new AdvancedSinglePskStore(identity, key))));
  }

  static CoapEndpoint certificate(X509Bundle own, X509Bundle authority) throws Exception {
    return OwnServer.client(
        connector(
            builder()
                .setCertificateIdentityProvider(
                    new SingleCertificateProvider(
                        own.getKeyPair().getPrivate(),
                        own.getCertificatePath(),
                        CertificateType.X_509))
                .setAdvancedCertificateVerifier(
                    StaticNewAdvancedCertificateVerifier.builder()
                        .setTrustedCertificates(authority.getCertificate())
                        .build())));
  }

  static DtlsConnectorConfig.Builder builder() {
    Configuration configuration =
        Configuration.createStandardWithoutFile()
            .set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY)
            .set(DtlsConfig.DTLS_VERIFY_SERVER_CERTIFICATES_SUBJECT, false)
            .set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, 200, TimeUnit.MILLISECONDS)
            .set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 2);
    return DtlsConnectorConfig.builder(configuration)
        .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .setConnectionIdGenerator(new SingleNodeConnectionIdGenerator(4));
  }

  static DTLSConnector connector(DtlsConnectorConfig.Builder builder) {
    return new DTLSConnector(builder.build());
  }
}
