package org.oicbridge.coap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import org.eclipse.californium.elements.util.SslContextUtil;

/** Reads certificates and keys for DTLS. What is wrong with a file is told with its key. */
final class PemFiles {
  private PemFiles() {}

  /** The certificates of a file, in their order. */
  static X509Certificate[] chain(String key, Path file) throws IOException {
    try {
      Collection<? extends Certificate> all =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
      if (all.isEmpty()) {
        throw new IOException(key + " is " + file + ", which holds no certificate");
      }
      return all.toArray(X509Certificate[]::new);
    } catch (GeneralSecurityException e) {
      throw new IOException(key + " is " + file + ", which is no PEM file of certificates", e);
    }
  }

  /** The private key of a file. */
  static PrivateKey key(String key, Path file) throws IOException {
    try {
      PrivateKey found =
          SslContextUtil.loadPemCredentials(new ByteArrayInputStream(Files.readAllBytes(file)))
              .getPrivateKey();
      if (found != null) {
        return found;
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(key + " is " + file + ", which is no PEM file of a private key", e);
    }
    throw new IOException(key + " is " + file + ", which holds no private key");
  }
}
