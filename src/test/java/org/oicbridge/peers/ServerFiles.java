package org.oicbridge.peers;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of one server: its configuration and a certificate made for this start. */
record ServerFiles(Path folder, Path caFile, Path chainFile, Path keyFile) {

  static ServerFiles create(String program, String domain) {
    try {
      Path folder = Files.createTempDirectory("oic-bridge-" + program);
      X509Bundle authority =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=Authority of " + domain)
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      X509Bundle server =
          new CertificateBuilder()
              // RSA, because ejabberd 23.01 finds no match between an EC certificate and a PKCS #8
              // key.
              .rsa2048()
              .subject("CN=" + domain)
              .addSanDnsName(domain)
              .buildIssuedBy(authority);
      Files.createDirectory(folder.resolve("certs"));
      return new ServerFiles(
          folder,
          write(folder, "ca.pem", authority.getCertificatePEM()),
          write(folder, "certs/" + domain + ".crt", server.getCertificatePEM()),
          write(folder, "certs/" + domain + ".key", server.getPrivateKeyPEM()));
    } catch (Exception e) {
      throw new IllegalStateException("cannot prepare the files of " + program, e);
    }
  }

  Path write(String name, String content) {
    try {
      return write(folder, name, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path folder, String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content, StandardCharsets.UTF_8);
  }
}
