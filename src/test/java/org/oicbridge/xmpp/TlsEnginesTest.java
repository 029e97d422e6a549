package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import org.junit.jupiter.api.Test;
import org.oicbridge.config.XmppConfig.TlsEngine;

class TlsEnginesTest {
  @Test
  void jdk_isThatOfTheJavaRuntime() {
    assertThat(TlsEngines.of(TlsEngine.JDK)).isInstanceOf(JdkSSLEngineOptions.class);
  }

  @Test
  void boringssl_isTheDefaultWhereItRuns() {
    assumeTrue(OpenSsl.isAvailable());
    assertThat(TlsEngines.of(TlsEngine.AUTO)).isInstanceOf(OpenSSLEngineOptions.class);
    assertThat(TlsEngines.of(TlsEngine.BORINGSSL)).isInstanceOf(OpenSSLEngineOptions.class);
    assertThat(OpenSsl.versionString()).contains("BoringSSL");
  }

  @Test
  void boringssl_isMissedOnlyWhenItIsAskedFor() {
    assumeFalse(OpenSsl.isAvailable());
    assertThat(TlsEngines.of(TlsEngine.AUTO)).isInstanceOf(JdkSSLEngineOptions.class);
    assertThatThrownBy(() -> TlsEngines.of(TlsEngine.BORINGSSL))
        .hasMessageContaining("xmpp.tlsEngine");
  }
}
