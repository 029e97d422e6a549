package org.oicbridge.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A caller that reads server-sent events, one after the other, as they come. */
public final class EventReader implements AutoCloseable {
  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  /**
   * An event.
   *
   * @param fields all of it by name; {@code data} is one line here
   */
  public record Event(Map<String, String> fields) {
    public String id() {
      return fields.get("id");
    }

    /** The usual name is not written. */
    public String name() {
      return fields.get("event");
    }

    public String data() {
      return fields.get("data");
    }
  }

  private EventReader(HttpResponse<InputStream> response) {
    this.response = response;
    this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** Asks for events; returns when the header of the answer is there. */
  public static EventReader open(String url, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url)).header("Accept", "text/event-stream");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return new EventReader(client.send(request.build(), BodyHandlers.ofInputStream()));
  }

  public int status() {
    return response.statusCode();
  }

  public String header(String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  /** All of the answer, for one that is no stream. */
  public String body() throws IOException {
    return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The next line as it is, null at the end. */
  public String line() throws IOException {
    return lines.readLine();
  }

  /** The next event that has data, null at the end. */
  public Event next() throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line = line(); line != null; line = line()) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 2));
      } else if (line.isEmpty() && fields.containsKey("data")) {
        return new Event(fields);
      } else if (line.isEmpty()) {
        fields.clear();
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
