package org.oicbridge.xmpp;

import org.oicbridge.config.XmppConfig.TlsEngine;

/** The same with the TLS of the Java runtime. */
class JdkTlsFaultTest extends TlsFaultTest {
  @Override
  TlsEngine engine() {
    return TlsEngine.JDK;
  }
}
