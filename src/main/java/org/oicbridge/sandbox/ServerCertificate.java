package org.oicbridge.sandbox;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate for the server's domain, made for this one run, and the authority that issued it.
 *
 * @param tls how a socket becomes a TLS server
 * @param authority the certificate of the authority, PEM
 */
record ServerCertificate(ServerSSLOptions tls, Buffer authority) {
  private static final Duration LIFETIME = Duration.ofDays(365);

  static ServerCertificate generate(String domain) {
    try {
      CertificateBuilder both =
          new CertificateBuilder().ecp256().notAfter(Instant.now().plus(LIFETIME));
      X509Bundle authority =
          both.copy()
              .subject("CN=oic-bridge sandbox authority")
              .setIsCertificateAuthority(true)
              .setKeyUsage(true, KeyUsage.keyCertSign)
              .buildSelfSigned();
      X509Bundle server =
          both.copy()
              .subject("CN=oic-bridge sandbox")
              .addSanDnsName(domain)
              .setKeyUsage(true, KeyUsage.digitalSignature)
              .addExtendedKeyUsageServerAuth()
              .buildIssuedBy(authority);
      ServerSSLOptions tls = new ServerSSLOptions();
      tls.setKeyCertOptions(
          new PemKeyCertOptions()
              .addCertValue(Buffer.buffer(server.getCertificatePathPEM()))
              .addKeyValue(Buffer.buffer(server.getPrivateKeyPEM())));
      return new ServerCertificate(tls, Buffer.buffer(authority.getCertificatePEM()));
    } catch (Exception e) {
      throw new IllegalStateException("no certificate for " + domain, e);
    }
  }
}
