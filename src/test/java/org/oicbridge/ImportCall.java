package org.oicbridge;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.oicbridge.http.ImportClient;

/** One import: a thread of its own sends, while the lines of the answer are read. */
final class ImportCall {
  private final GatewayProcess gateway;
  private final Pace pace;
  private final List<JsonObject> answers = new ArrayList<>();
  private boolean whole;
  private double seconds;

  /** What is waited for before a part is sent. */
  interface Pace {
    Pace NONE = part -> {};

    void await(int part) throws InterruptedException;
  }

  /** What is done about a line of the answer. */
  interface Reader {
    void read(JsonObject answer) throws IOException, InterruptedException;
  }

  ImportCall(GatewayProcess gateway, Pace pace) {
    this.gateway = gateway;
    this.pace = pace;
  }

  /** Imports these lines; done when the answer or the connection has ended. */
  ImportCall run(List<String> parts, Reader reader) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    try (ImportClient client = new ImportClient(gateway.port(), GatewayProcess.authorization())) {
      Thread sender = new Thread(() -> send(client, parts), "import");
      sender.start();
      read(client, reader);
      sender.interrupt();
      sender.join();
    }
    seconds = (System.nanoTime() - begun) / 1e9;
    return this;
  }

  private void read(ImportClient client, Reader reader) throws IOException, InterruptedException {
    JsonObject answer = null;
    try {
      String head = client.head();
      if (!head.startsWith("HTTP/1.1 200 ")) {
        throw new IllegalStateException("the import was refused: " + head);
      }
      answer = client.result();
    } catch (IOException e) {
      return;
    }
    while (answer != null) {
      answers.add(answer);
      reader.read(answer);
      try {
        answer = client.result();
      } catch (IOException e) {
        // What was read before counts, whatever ended the connection.
        return;
      }
    }
    whole = true;
  }

  private void send(ImportClient client, List<String> parts) {
    try {
      for (int i = 0; i < parts.size(); i++) {
        pace.await(i);
        client.send(parts.get(i));
      }
      client.end();
    } catch (IOException | InterruptedException e) {
      // The reader has seen why.
    }
  }

  /** Every line of the answer that was read. */
  List<JsonObject> answers() {
    return answers;
  }

  /** Whether the answer came to its end. */
  boolean whole() {
    return whole;
  }

  /** How long it took. */
  double seconds() {
    return seconds;
  }

  static boolean acknowledged(JsonObject answer) {
    return answer.getInteger("status") == 201 || answer.getInteger("status") == 200;
  }
}
