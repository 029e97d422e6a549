package org.oicbridge.xmpp;

import java.util.Locale;
import org.oicbridge.config.AccountConfig;

/**
 * Why a stream ended, and what follows from it for its session.
 *
 * @param kind what to do now
 * @param reason for an operator's eyes; nothing secret, nothing unbounded
 * @param redirect where the server wants the next attempt to go, or null
 */
record StreamEnd(Kind kind, String reason, String redirect) {

  /** What to do after a stream's end. */
  enum Kind {
    /** The connection is gone without an end of the stream: resume it if that can be. */
    LOST,
    /** Try again, soon at first. */
    RETRY,
    /** The server goes down: try again at some time in the next minute, not with all the others. */
    SHUTDOWN,
    /** Try again, but not within the next minute. */
    RETRY_LATE,
    /**
     * Another session has the full JID now. Leave it to that one, unless it is our own: two that
     * take it from each other in turn are both useless.
     */
    CONFLICT,
    /** We ourselves don't let it log in for the time being. */
    HELD_BACK,
    /** Leave it, until a person has changed something. */
    REFUSED,
    /** We wanted it. */
    CLOSED;

    String tag() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static StreamEnd lost(String reason) {
    return new StreamEnd(Kind.LOST, reason, null);
  }

  static StreamEnd heldBack(String reason) {
    return new StreamEnd(Kind.HELD_BACK, reason, null);
  }

  static StreamEnd retry(String reason) {
    return new StreamEnd(Kind.RETRY, reason, null);
  }

  static StreamEnd retryLate(String reason) {
    return new StreamEnd(Kind.RETRY_LATE, reason, null);
  }

  static StreamEnd refused(String reason) {
    return new StreamEnd(Kind.REFUSED, reason, null);
  }

  static StreamEnd closed() {
    return new StreamEnd(Kind.CLOSED, "closed", null);
  }

  /**
   * Where the next attempt goes, or null when the server named no place, and when it could lead a
   * stream without TLS elsewhere.
   */
  Target redirectFor(AccountConfig account) {
    return Target.named(redirect, account);
  }

  /** What a {@code <stream:error/>} means (RFC 6120 section 4.9.3). */
  static StreamEnd ofStreamError(Element error) {
    String condition = Conditions.of(error, Conditions.STREAMS);
    return switch (condition) {
      case "conflict" ->
          new StreamEnd(
              Kind.CONFLICT,
              "conflict: another session took this one over; either something else binds the same"
                  + " full JID, or the server allows fewer sessions per account than are open; it is not"
                  + " tried again until its account is written anew or the gateway started anew",
              null);
      case "see-other-host" -> {
        Element host = error.child(condition, Conditions.STREAMS);
        yield new StreamEnd(Kind.RETRY, "the server sent us to another host", host.text().strip());
      }
      case "system-shutdown" ->
          new StreamEnd(Kind.SHUTDOWN, "the server ended the stream: system-shutdown", null);
      // Our own mistakes and the server's policies do not change from one second to the next.
      case "policy-violation",
          "resource-constraint",
          "not-authorized",
          "host-gone",
          "host-unknown",
          "unsupported-version" ->
          retryLate("the server ended the stream: " + condition);
      default -> retry("the server ended the stream: " + condition);
    };
  }

  /** What a SASL failure means (RFC 6120 section 6.5). */
  static StreamEnd ofSaslFailure(Element failure) {
    String condition = Conditions.of(failure, Conditions.SASL);
    return switch (condition) {
      case "not-authorized",
          "account-disabled",
          "credentials-expired",
          "malformed-request",
          "invalid-authzid",
          "invalid-mechanism",
          "mechanism-too-weak" ->
          refused("the server refused the login: " + condition);
      default -> retry("the login failed: " + condition);
    };
  }

  /** What a failed resource binding means (RFC 6120 section 7.7.2). */
  static StreamEnd ofBindError(Element iq) {
    Element error = iq.child("error", Element.CLIENT);
    String condition =
        error == null ? "undefined-condition" : Conditions.of(error, Conditions.STANZAS);
    String hint =
        condition.equals("resource-constraint") || condition.equals("not-allowed")
            ? "; the server may allow fewer sessions per account"
            : "";
    return retryLate("the server refused to bind the full JID: " + condition + hint);
  }
}
