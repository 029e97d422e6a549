package org.oicbridge.coap;

import org.eclipse.californium.scandium.DtlsHealth;

/** Counts how handshakes with DTLS clients end. */
final class HandshakeCount implements DtlsHealth {
  @Override
  public void dump(String tag, int maxConnections, int remaining, int pending) {
    // The counters are read by whoever wants them.
  }

  @Override
  public boolean isEnabled() {
    return true;
  }

  @Override
  public void startHandshake() {
    // Only its end tells something.
  }

  @Override
  public void endHandshake(boolean success) {
    CoapMetrics.handshake(success ? "ok" : "failed");
  }

  @Override
  public void receivingRecord(boolean drop) {
    // Not counted.
  }

  @Override
  public void sendingRecord(boolean drop) {
    // Not counted.
  }
}
