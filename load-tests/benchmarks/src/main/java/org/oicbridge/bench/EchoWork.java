package org.oicbridge.bench;

import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/**
 * What a round trip carries: an update of some JSON and an answer of as much. Either document has
 * about 525 bytes, which are 700 characters of base64 in a stanza of about a kilobyte. Numbers make
 * each different and tie an answer to its question.
 */
final class EchoWork {
  static final ResourcePath PATH = ResourcePath.parse("/echo");

  private static final String NUMBER = "{\"n\":";
  private static final String QUESTION = ",\"fill\":\"" + "q".repeat(91) + "\"}";
  private static final String ANSWER = ",\"fill\":\"" + "a".repeat(214) + "\"}";

  // What the gateway's requests and answers carry too.
  private static final Headers OF_QUESTION =
      Headers.of("Accept", "application/json")
          .with("Date", "Tue, 24 Nov 2026 12:00:00 GMT")
          .with("Content-Type", "application/json")
          .with("Prefer", "wait=30");
  private static final Headers OF_ANSWER = Headers.of("Date", "Tue, 24 Nov 2026 12:00:00 GMT");
  private static final String TOKEN = "X-OIC-Token";

  private EchoWork() {}

  static String question(long number) {
    return NUMBER + number + QUESTION;
  }

  /** What a device answers. */
  static String answer(String question) {
    return question.substring(0, question.indexOf(',')) + ANSWER;
  }

  static boolean isAnswer(String body, long number) {
    return body != null && body.equals(NUMBER + number + ANSWER);
  }

  /** A question as a document, for those who know nothing of CRUDN. */
  static Envelope.Request question(String authority, long number) {
    return new Envelope.Request(
        Operation.UPDATE,
        authority,
        PATH,
        OF_QUESTION.with(TOKEN, Long.toString(number, 36)),
        question(number));
  }

  /** The answer to such a document. */
  static Envelope.Response answer(Envelope.Request question) {
    return new Envelope.Response(
        Status.OK,
        OF_ANSWER
            .with(TOKEN, question.headers().get(TOKEN).orElseThrow())
            .with("Content-Type", "application/json"),
        answer(question.body()));
  }

  /** The number of the question that such a document answers. */
  static long number(Envelope.Response answer) {
    return Long.parseLong(answer.headers().get(TOKEN).orElseThrow(), 36);
  }
}
