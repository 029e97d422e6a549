package org.oicbridge.coap;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.network.interceptors.MalformedMessageInterceptor;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.RawData;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests and waits for their answers, each until its deadline. {@link #enter} is the one
 * place where what Californium reports comes back into the verticle's context.
 */
final class Exchanges {
  private static final Logger LOG = LoggerFactory.getLogger(Exchanges.class);
  private static final int HEADER = 4;

  private record MessageId(InetSocketAddress peer, int mid) {}

  private final Vertx vertx;
  private final Context context;
  private final CoapEndpoint endpoint;
  private final boolean retransmits;
  private final Set<Exchange> inFlight = new HashSet<>();
  private final Map<MessageId, Exchange> byMessageId = new HashMap<>();
  private final Map<Token, Consumer<Response>> observed = new HashMap<>();
  private boolean closed;

  Exchanges(Vertx vertx, Context context, CoapEndpoint endpoint, CoapConfig config) {
    this.vertx = vertx;
    this.context = context;
    this.endpoint = endpoint;
    this.retransmits = config.maxRetransmit() > 0;
    endpoint.addInterceptor(new RequestsDropped());
    endpoint.addPostProcessInterceptor(new Malformed());
    endpoint.addNotificationListener(
        (request, response) -> enter(() -> notified(request.getToken(), response)));
  }

  private void notified(Token token, Response response) {
    Consumer<Response> news = observed.get(token);
    if (news != null) {
      news.accept(response);
    }
  }

  /** Takes no more notifications: from now on the device gets a reset for them. */
  void forget(Token token) {
    observed.remove(token);
    endpoint.cancelObservation(token);
  }

  /**
   * Sends a confirmable request.
   *
   * @return the whole answer, or a {@link RequestFailed}
   */
  Future<Response> send(Request request, InetSocketAddress peer, Deadline deadline) {
    return send(request, new AddressEndpointContext(peer), deadline);
  }

  /** The same to a destination that says more than an address. */
  Future<Response> send(Request request, EndpointContext destination, Deadline deadline) {
    return exchange(request, destination, deadline, null, () -> {});
  }

  /**
   * The same with a registration (RFC 7641) or a ping (RFC 7252 section 4.3).
   *
   * @param news null, or what takes the answers that follow on the first, if that says that there
   *     are any, until {@link #forget}
   * @param acknowledged called when the device has the request
   * @return the first answer, null for a ping that was answered
   */
  Future<Response> exchange(
      Request request,
      EndpointContext destination,
      Deadline deadline,
      Consumer<Response> news,
      Runnable acknowledged) {
    if (deadline.expired()) {
      return Future.failedFuture(new RequestFailed(ExchangeFailure.tooLate()));
    }
    if (closed) {
      return Future.failedFuture(new RequestFailed(ExchangeFailure.stopping()));
    }
    Exchange exchange = new Exchange(request, destination.getPeerAddress(), news, acknowledged);
    inFlight.add(exchange);
    request.setDestinationContext(destination);
    request.addMessageObserver(exchange);
    exchange.timer = vertx.setTimer(deadline.remainingMillis(), id -> exchange.expire());
    endpoint.sendRequest(request);
    return exchange.answer.future();
  }

  /** How many requests wait for their answer. */
  int size() {
    return inFlight.size();
  }

  /** Ends every exchange and takes no more. */
  void close() {
    closed = true;
    List.copyOf(inFlight).forEach(exchange -> exchange.abandon(exchange.stopped()));
  }

  private void enter(Runnable action) {
    context.runOnContext(nothing -> action.run());
  }

  private final class Exchange extends MessageObserverAdapter {
    private final Promise<Response> answer = Promise.promise();
    private final Request request;
    private final InetSocketAddress peer;
    private final Consumer<Response> news;
    private final Runnable onAcknowledged;
    private long timer;
    private MessageId id;
    private boolean acknowledged;

    /** True when a datagram of it has left; then nobody but the device knows what became of it. */
    private volatile boolean sent;

    /** True when a datagram was handed over, and has left unless a handshake has to come first. */
    private volatile boolean handedOver;

    private boolean connecting;

    Exchange(
        Request request, InetSocketAddress peer, Consumer<Response> news, Runnable onAcknowledged) {
      this.request = request;
      this.peer = peer;
      this.news = news;
      this.onAcknowledged = onAcknowledged;
    }

    private void expire() {
      abandon(acknowledged ? ExchangeFailure.tookTooLong() : silent());
    }

    /** Ends it here and in Californium, which must not send anything more for it. */
    private void abandon(CrudnResponse response) {
      fail(response);
      request.cancel();
    }

    private CrudnResponse silent() {
      if (connecting && !sent) {
        return ExchangeFailure.handshake("the handshake with the device did not come to an end");
      }
      return mayHaveLeft() ? ExchangeFailure.silent() : ExchangeFailure.tooLate();
    }

    private CrudnResponse stopped() {
      return mayHaveLeft() ? ExchangeFailure.interrupted() : ExchangeFailure.stopping();
    }

    private boolean mayHaveLeft() {
      return sent || (handedOver && !connecting);
    }

    private void fail(CrudnResponse response) {
      if (end()) {
        answer.fail(new RequestFailed(response));
      }
    }

    private boolean end() {
      vertx.cancelTimer(timer);
      if (id != null) {
        byMessageId.remove(id, this);
      }
      return inFlight.remove(this);
    }

    @Override
    public void onConnecting() {
      enter(() -> connecting = true);
    }

    @Override
    public void onContextEstablished(EndpointContext established) {
      enter(() -> connecting = false);
    }

    @Override
    public void onReadyToSend() {
      handedOver = true;
      int mid = request.getMID();
      enter(
          () -> {
            if (id == null && inFlight.contains(this)) {
              id = new MessageId(peer, mid);
              byMessageId.put(id, this);
            }
          });
    }

    @Override
    public void onSent(boolean retransmission) {
      sent = true;
    }

    @Override
    public void onResponse(Response response) {
      enter(
          () -> {
            if (end()) {
              if (news != null && response.getOptions().hasObserve()) {
                observed.put(response.getToken(), news);
              }
              answer.complete(response);
            }
          });
    }

    @Override
    public void onAcknowledgement() {
      enter(
          () -> {
            acknowledged = true;
            if (inFlight.contains(this)) {
              onAcknowledged.run();
            }
          });
    }

    @Override
    public void onRetransmission() {
      if (retransmits) {
        CoapMetrics.retransmission();
        return;
      }
      // Californium can't be configured to send only once, but asks its observers first.
      enter(() -> fail(silent()));
      request.cancel();
    }

    @Override
    public void onReject() {
      enter(
          () -> {
            if (request.getCode() != null) {
              fail(ExchangeFailure.bad("the device refused the message with a reset"));
            } else if (end()) {
              answer.complete(null);
            }
          });
    }

    @Override
    public void onTimeout() {
      enter(() -> fail(silent()));
    }

    @Override
    public void onCancel() {
      // After its own cancellation it has ended; otherwise the endpoint is going down.
      enter(() -> fail(stopped()));
    }

    @Override
    public void onResponseHandlingError(Throwable cause) {
      enter(() -> fail(ExchangeFailure.ofBlocks(cause)));
    }

    @Override
    public void onSendError(Throwable cause) {
      enter(
          () -> {
            LOG.debug("{} can't be sent to", peer, cause);
            fail(ExchangeFailure.ofSending(cause, sent));
          });
    }
  }

  /** Ends the exchange that a datagram answers which is no CoAP message behind its header. */
  private final class Malformed extends MessageInterceptorAdapter
      implements MalformedMessageInterceptor {
    @Override
    public void receivedMalformedMessage(RawData raw) {
      byte[] bytes = raw.getBytes();
      if (bytes.length >= HEADER) {
        int mid = ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
        MessageId id = new MessageId(raw.getInetSocketAddress(), mid);
        enter(
            () -> {
              Exchange exchange = byMessageId.get(id);
              if (exchange != null) {
                exchange.abandon(
                    ExchangeFailure.bad("the device answered with a malformed message"));
              }
            });
      }
    }
  }

  /** Drops requests before they take any memory: nobody is served on this socket. */
  private static final class RequestsDropped extends MessageInterceptorAdapter {
    @Override
    public void receiveRequest(Request request) {
      request.setCanceled(true);
    }
  }
}
