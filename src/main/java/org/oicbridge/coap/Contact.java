package org.oicbridge.coap;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.californium.core.coap.Response;

/** Notices every sign of life that a device gives in its exchanges, and every one without any. */
final class Contact {
  private final Listener listener;
  private int unanswered;

  /** Who is told. */
  interface Listener {
    /** A listener that nothing is of interest to. */
    Listener NONE =
        new Listener() {
          @Override
          public void heard() {}

          @Override
          public void missed() {}
        };

    /** The device has sent something that belongs to what it was sent. */
    void heard();

    /** The device has said nothing for as long as it was waited for. */
    void missed();
  }

  Contact(Listener listener) {
    this.listener = listener;
  }

  /** True while something was sent that the device has not even acknowledged. */
  boolean waiting() {
    return unanswered > 0;
  }

  /**
   * Follows an exchange.
   *
   * @param exchange begins it; is given what is to be called when the device acknowledges
   */
  Future<Response> follow(Function<Runnable, Future<Response>> exchange) {
    Signs signs = new Signs();
    unanswered++;
    return exchange.apply(signs::seen).onComplete(signs::over);
  }

  /** Takes news in the place of a consumer, and hands them to it. */
  Consumer<Response> hear(Consumer<Response> news) {
    return response -> {
      listener.heard();
      news.accept(response);
    };
  }

  /** The signs of life in one exchange. */
  private final class Signs {
    private boolean open = true;

    private void seen() {
      close();
      listener.heard();
    }

    private void over(AsyncResult<Response> result) {
      if (result.succeeded()) {
        seen();
        return;
      }
      boolean silent = open;
      close();
      switch (type(result.cause())) {
        // It has answered, whatever is wrong with that.
        case "bad-answer", "answer-too-large" -> listener.heard();
        case "device-silent", "device-unreachable", "handshake-failed" -> {
          if (silent) {
            listener.missed();
          }
        }
        default -> {}
      }
    }

    private void close() {
      if (open) {
        open = false;
        unanswered--;
      }
    }

    private static String type(Throwable cause) {
      return cause instanceof RequestFailed failed ? failed.response().problem().type() : "";
    }
  }
}
