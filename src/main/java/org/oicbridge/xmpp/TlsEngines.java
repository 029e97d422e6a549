package org.oicbridge.xmpp;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;
import org.oicbridge.config.XmppConfig.TlsEngine;

/**
 * What does TLS: a login takes less processor time with BoringSSL, and an idle session less memory.
 */
final class TlsEngines {
  private TlsEngines() {}

  /**
   * The options for an engine. Loads a library, so it blocks.
   *
   * @throws IllegalStateException when the engine is asked for by its name and does not run here
   */
  static SSLEngineOptions of(TlsEngine engine) {
    return switch (engine) {
      case JDK -> new JdkSSLEngineOptions();
      case AUTO -> OpenSsl.isAvailable() ? new OpenSSLEngineOptions() : new JdkSSLEngineOptions();
      case BORINGSSL -> {
        if (!OpenSsl.isAvailable()) {
          throw new IllegalStateException(
              "xmpp.tlsEngine is boringssl, which does not run here: "
                  + OpenSsl.unavailabilityCause().getMessage());
        }
        yield new OpenSSLEngineOptions();
      }
    };
  }
}
