package org.oicbridge.ibb;

import java.util.Locale;
import org.oicbridge.bus.Ibb.Condition;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Status;

/** What a caller is told when a device behind XMPP could not be asked or did not answer. */
final class Failures {
  private Failures() {}

  static CrudnResponse accountOffline() {
    return CrudnResponse.failed(
            Status.UNAVAILABLE, "account-offline", "the account's XMPP session is down")
        .with("Retry-After", "5");
  }

  static CrudnResponse deviceOffline() {
    return CrudnResponse.failed(Status.UNAVAILABLE, "device-offline", "the device is not connected")
        .with("Retry-After", "5");
  }

  static CrudnResponse deviceSilent() {
    return CrudnResponse.failed(
        Status.TIMEOUT, "device-silent", "the device did not answer in time");
  }

  static CrudnResponse queueFull() {
    return CrudnResponse.failed(
            Status.TOO_MANY_REQUESTS, "queue-full", "too many requests wait for this device")
        .with("Retry-After", "1");
  }

  /** The request was sent, and then the way that its answer would have come ended. */
  static CrudnResponse unknown(Ending why) {
    return CrudnResponse.failed(
        Status.TIMEOUT,
        "outcome-unknown",
        why(why) + " before the answer came; whether it was done is unknown");
  }

  private static String why(Ending why) {
    return switch (why.cause()) {
      case CLOSED_BY_PEER, CLOSED_BY_US, REFUSED ->
          why.unreachable() ? "the device left" : "the bytestream ended";
      case PEER_GONE -> "the device left";
      case SESSION_LOST -> "the account's XMPP session was lost";
      case STOPPED -> "the gateway stopped";
    };
  }

  /** The request waited for its turn, or for the connection, until it was too late. */
  static CrudnResponse notSent(String detail) {
    return CrudnResponse.failed(Status.UNAVAILABLE, "not-sent", detail).with("Retry-After", "1");
  }

  /** The session was lost with the request still in it. */
  static CrudnResponse neverLeft() {
    return notSent("the account's XMPP session was lost before the request went through");
  }

  static CrudnResponse tooLarge(int limit) {
    return CrudnResponse.failed(
        Status.CONTENT_TOO_LARGE,
        "body-too-large",
        "a message to a device has at most " + limit + " bytes");
  }

  static CrudnResponse stopping() {
    return CrudnResponse.failed(Status.UNAVAILABLE, "stopping", "the gateway is stopping")
        .with("Retry-After", "5");
  }

  /** What follows from the refusal of the first stream to a peer. */
  static CrudnResponse openRefused(Condition condition) {
    String said = "the device refused a bytestream: " + text(condition);
    return switch (condition) {
      case ITEM_NOT_FOUND, RECIPIENT_UNAVAILABLE, SERVICE_UNAVAILABLE -> deviceOffline();
      case RESOURCE_CONSTRAINT ->
          CrudnResponse.failed(Status.UNAVAILABLE, "device-busy", said).with("Retry-After", "5");
      // It understands bytestreams and wants none from us; "forbidden" and its like have no
      // constant of their own and arrive as undefined-condition.
      case NOT_ACCEPTABLE, UNDEFINED_CONDITION ->
          CrudnResponse.failed(Status.FORBIDDEN, "device-refused", said);
      case FEATURE_NOT_IMPLEMENTED, BAD_REQUEST, UNEXPECTED_REQUEST ->
          CrudnResponse.failed(Status.BAD_GATEWAY, "no-bytestreams", said).notSent();
    };
  }

  private static String text(Condition condition) {
    return condition.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
