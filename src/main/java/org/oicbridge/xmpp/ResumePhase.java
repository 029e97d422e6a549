package org.oicbridge.xmpp;

import java.util.OptionalInt;

/**
 * Asks the server to resume a lost stream on this one (XEP-0198 section 5). When it can't, the
 * login goes on as any other.
 */
final class ResumePhase implements Phase {
  private final XmppStream stream;
  private final StreamManagement lost;
  private final FeaturesPhase.Outcome outcome;
  private final Runnable bind;

  private ResumePhase(
      XmppStream stream, StreamManagement lost, FeaturesPhase.Outcome outcome, Runnable bind) {
    this.stream = stream;
    this.lost = lost;
    this.outcome = outcome;
    this.bind = bind;
  }

  static void begin(
      XmppStream stream, StreamManagement lost, FeaturesPhase.Outcome outcome, Runnable bind) {
    stream.hand(new ResumePhase(stream, lost, outcome, bind));
    stream.send(SmElements.resume(lost.id(), lost.handledCount()));
  }

  @Override
  public void stanza(Element answer) {
    if (answer.is("failed", SmElements.NAMESPACE)) {
      String condition = Conditions.of(answer, Conditions.STANZAS);
      SmElements.count(answer).ifPresent(lost::lost);
      outcome.lost("the server has not kept the stream: " + condition);
      bind.run();
    } else if (answer.is("resumed", SmElements.NAMESPACE)) {
      OptionalInt h = SmElements.count(answer);
      if (h.isPresent() && lost.id().equals(answer.attribute("previd"))) {
        outcome.resumed(stream, h.getAsInt());
      } else {
        stream.end(StreamEnd.retryLate("the server resumed another stream than the lost one"));
      }
    } else {
      stream.end(StreamEnd.retryLate("the server sent something else than the resumed stream"));
    }
  }
}
