package org.oicbridge.coap;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An authority of a test, and what it has signed. */
final class Pki {
  private final X509Bundle authority;

  Pki() {
    this.authority =
        build(
            new CertificateBuilder()
                .subject("CN=Test authority")
                .algorithm(Algorithm.ecp256)
                .setIsCertificateAuthority(true),
            null);
  }

  private static X509Bundle build(CertificateBuilder builder, X509Bundle issuer) {
    try {
      return issuer == null ? builder.buildSelfSigned() : builder.buildIssuedBy(issuer);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  X509Bundle issue(String commonName, String dnsName) {
    CertificateBuilder builder =
        new CertificateBuilder().subject("CN=" + commonName).algorithm(Algorithm.ecp256);
    if (dnsName != null) {
      builder.addSanDnsName(dnsName);
    }
    return build(builder, authority);
  }

  Path trust(Path folder) throws IOException {
    return Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
  }

  static Path certificate(Path folder, String name, X509Bundle bundle) throws IOException {
    return Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePathPEM());
  }

  static Path key(Path folder, String name, X509Bundle bundle) throws IOException {
    return Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM());
  }

  X509Bundle authority() {
    return authority;
  }
}
