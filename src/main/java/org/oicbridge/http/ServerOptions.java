package org.oicbridge.http;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;
import org.oicbridge.config.HttpConfig;
import org.oicbridge.config.RoutingConfig;

/** The limits of the HTTP server, and its TLS. */
final class ServerOptions {
  // Enough for the longest path that names a resource, and its account.
  private static final int MAX_REQUEST_LINE = 4096;
  private static final int MAX_HEADERS = 8192;

  private ServerOptions() {}

  static HttpServerOptions of(HttpConfig config) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setMaxInitialLineLength(MAX_REQUEST_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            // Longer than any answer may take, since a connection that waits for one is idle.
            .setIdleTimeout(RoutingConfig.MAX_WAIT + 10)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false);
    if (config.certificate() != null) {
      options
          .setSsl(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(config.certificate().toString())
                  .setKeyPath(config.key().toString()));
    }
    return options;
  }
}
