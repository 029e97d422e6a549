package org.oicbridge.doctor;

import java.net.IDN;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The name that a server is asked for in the TLS handshake.
 *
 * @param domain an A-label (RFC 5890)
 */
record TlsNames(String domain) {
  static TlsNames of(String domain) {
    return new TlsNames(IDN.toASCII(domain));
  }

  void applyTo(SSLSocket socket) {
    SSLParameters parameters = socket.getSSLParameters();
    try {
      parameters.setServerNames(List.of(new SNIHostName(domain)));
    } catch (IllegalArgumentException e) {
      // An address is no name to ask for (RFC 6066 section 3).
      return;
    }
    socket.setSSLParameters(parameters);
  }
}
