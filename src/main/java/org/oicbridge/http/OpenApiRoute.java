package org.oicbridge.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Serves the description of the API. */
final class OpenApiRoute {
  private static final String PATH = "/openapi.yaml";

  private final Buffer document = load();

  private static Buffer load() {
    try (InputStream in = OpenApiRoute.class.getResourceAsStream(PATH)) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(PATH + " can't be read from the jar", e);
    }
  }

  void mount(Router router) {
    new Endpoint(PATH)
        .on(
            HttpMethod.GET,
            context ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                    .end(document))
        .mount(router, PATH);
  }
}
