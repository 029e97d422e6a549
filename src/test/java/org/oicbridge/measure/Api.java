package org.oicbridge.measure;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.oicbridge.GatewayProcess;

/** A caller of the gateway's HTTP API that never waits for an answer before it asks again. */
final class Api {
  private static final int CONNECTIONS = 512;
  private static final long PATIENCE_SECONDS = 30;

  private final HttpClient client;
  private final int port;

  /** What came back; the type is that of a problem, or empty. */
  record Answer(int status, String type, String text) {
    boolean ok() {
      return status / 100 == 2;
    }
  }

  Api(Vertx vertx, GatewayProcess gateway) {
    this(vertx, gateway.port(), CONNECTIONS);
  }

  /** A caller with at most so many connections. */
  Api(Vertx vertx, int port, int connections) {
    this.port = port;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(connections));
  }

  static String resource(String di, String path) {
    return "/api/v1/devices/" + di + "/resources/" + path;
  }

  /** Calls; fails when there is no answer within half a minute, which no request may take. */
  Future<Answer> call(HttpMethod method, String path, String json) {
    return call(method, path, json, 10);
  }

  /** The same with another number of seconds for the gateway. */
  Future<Answer> call(HttpMethod method, String path, String json, int seconds) {
    return request(method, path)
        .compose(
            request -> {
              request.putHeader("Prefer", "wait=" + seconds);
              Future<HttpClientResponse> response =
                  json == null
                      ? request.send()
                      : request
                          .putHeader("Content-Type", "application/json")
                          .send(Buffer.buffer(json));
              return response.compose(
                  head -> head.body().map(body -> answer(head, body.toString())));
            })
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static Answer answer(HttpClientResponse head, String text) {
    String kind = head.getHeader("Content-Type");
    String type = "";
    if (kind != null && kind.startsWith("application/problem+json")) {
      String urn = new JsonObject(text).getString("type");
      type = urn.substring(urn.lastIndexOf(':') + 1);
    }
    return new Answer(head.statusCode(), type, text);
  }

  /** Opens an event stream. */
  Future<HttpClientResponse> events(String path) {
    return request(HttpMethod.GET, path)
        .compose(request -> request.putHeader("Accept", "text/event-stream").send())
        .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Future<HttpClientRequest> request(HttpMethod method, String path) {
    String[] header = GatewayProcess.authorization().split(": ", 2);
    return client.request(
        new RequestOptions()
            .setMethod(method)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(path)
            .putHeader(header[0], header[1]));
  }
}
