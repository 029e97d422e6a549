package org.oicbridge.xmpp;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust in the server of one domain. Vert.x keeps one SSL context for equal options.
 *
 * @param domain as an A-label
 * @param roots checks the certification path
 */
record DomainTrust(String domain, X509ExtendedTrustManager roots) implements TrustOptions {
  @Override
  public TrustOptions copy() {
    return this;
  }

  @Override
  public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws Exception {
    return TrustOptions.wrap(new DomainTrustManager(domain, roots)).getTrustManagerFactory(vertx);
  }

  @Override
  public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) {
    return name -> null;
  }
}
