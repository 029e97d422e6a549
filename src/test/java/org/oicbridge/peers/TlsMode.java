package org.oicbridge.peers;

/** How a client comes to TLS. */
public enum TlsMode {
  STARTTLS,
  DIRECT
}
