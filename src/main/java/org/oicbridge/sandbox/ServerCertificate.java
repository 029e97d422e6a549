package org.oicbridge.sandbox;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;

/**
 * A certificate for the server's domain, and the authority that issued it; PEM all of it.
 *
 * @param authority the certificate of the authority
 * @param chain the server's own certificate
 * @param key its private key
 */
record ServerCertificate(Buffer authority, Buffer chain, Buffer key) {
  private static final Duration LIFETIME = Duration.ofDays(365);

  /**
   * The certificate for this run, or the one that a directory keeps, where it is put when there is
   * none.
   *
   * @param keep null for none
   */
  static ServerCertificate of(String domain, Path keep) throws IOException {
    if (keep == null) {
      return generate(domain);
    }
    Path authority = keep.resolve("authority.pem");
    Path chain = keep.resolve("server.pem");
    Path key = keep.resolve("server.key");
    if (Files.exists(authority) && Files.exists(chain) && Files.exists(key)) {
      return new ServerCertificate(read(authority), read(chain), read(key));
    }
    ServerCertificate made = generate(domain);
    Files.createDirectories(keep);
    Files.write(authority, made.authority.getBytes());
    Files.write(chain, made.chain.getBytes());
    Files.deleteIfExists(key);
    Files.createFile(
        key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(key, made.key.getBytes());
    return made;
  }

  private static Buffer read(Path file) throws IOException {
    return Buffer.buffer(Files.readAllBytes(file));
  }

  private static ServerCertificate generate(String domain) {
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
      return new ServerCertificate(
          Buffer.buffer(authority.getCertificatePEM()),
          Buffer.buffer(server.getCertificatePathPEM()),
          Buffer.buffer(server.getPrivateKeyPEM()));
    } catch (Exception e) {
      throw new IllegalStateException("no certificate for " + domain, e);
    }
  }

  /** How a socket becomes a TLS server. */
  ServerSSLOptions tls() {
    ServerSSLOptions tls = new ServerSSLOptions();
    tls.setKeyCertOptions(new PemKeyCertOptions().addCertValue(chain).addKeyValue(key));
    return tls;
  }

  /** What nobody else knows, and what is the same as long as the key is. */
  byte[] secret() {
    return key.getBytes();
  }
}
