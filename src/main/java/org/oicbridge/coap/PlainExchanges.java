package org.oicbridge.coap;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.oicbridge.crudn.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges with devices over plain UDP, through one socket, or through more of them towards peers
 * that get more messages than one has message ids for.
 */
final class PlainExchanges {
  private static final Logger LOG = LoggerFactory.getLogger(PlainExchanges.class);

  /** Enough for 12,000 messages a second to one peer. */
  static final int MOST = 64;

  private record Way(ClientEndpoint endpoint, Exchanges exchanges) {}

  private final Vertx vertx;
  private final Context context;
  private final org.oicbridge.config.CoapConfig config;
  private final int shard;
  private final List<Way> ways = new CopyOnWriteArrayList<>();
  private final SocketTurns turns;
  private boolean opening;
  private boolean closed;

  private PlainExchanges(
      Vertx vertx, Context context, org.oicbridge.config.CoapConfig config, int shard) {
    this.vertx = vertx;
    this.context = context;
    this.config = config;
    this.shard = shard;
    long lifetime =
        EndpointFactory.configuration(config)
            .get(CoapConfig.EXCHANGE_LIFETIME, TimeUnit.NANOSECONDS);
    this.turns = new SocketTurns(lifetime, System::nanoTime);
  }

  /** Opens the first socket, on the event loop of the context. */
  static Future<PlainExchanges> open(
      Vertx vertx, Context context, org.oicbridge.config.CoapConfig config, int shard) {
    PlainExchanges exchanges = new PlainExchanges(vertx, context, config, shard);
    return exchanges.openOne().map(exchanges);
  }

  private Future<Void> openOne() {
    return ClientEndpoint.open(vertx, (ContextInternal) context, config)
        .compose(
            endpoint -> {
              if (closed) {
                return endpoint.close();
              }
              int number = ways.size();
              ways.add(new Way(endpoint, new Exchanges(vertx, context, endpoint.coap(), config)));
              endpoint.coap().addInterceptor(new Count(number));
              LOG.info("CoAP of shard {} sends from {}", shard, endpoint.coap().getAddress());
              return Future.succeededFuture();
            });
  }

  /** Sends a request, see {@link Exchanges#exchange}. */
  Future<Response> exchange(
      Request request,
      InetSocketAddress peer,
      Deadline deadline,
      Consumer<Response> news,
      Runnable acknowledged) {
    // A relation belongs to the address that registered it (RFC 7641 section 3.1), so all that has
    // to do with them goes through one socket.
    boolean relation = news != null || request.getToken() != null;
    int number = relation ? 0 : turns.toward(peer, ways.size());
    return ways.get(number)
        .exchanges
        .exchange(request, new AddressEndpointContext(peer), deadline, news, acknowledged);
  }

  /** Takes no more notifications. */
  void forget(Token token) {
    ways.get(0).exchanges.forget(token);
  }

  /** How many requests wait for their answer. */
  int size() {
    return ways.stream().mapToInt(way -> way.exchanges.size()).sum();
  }

  /** How many sockets there are. */
  int sockets() {
    return ways.size();
  }

  /** Forgets which peers were busy and are no longer. */
  void dropIdle() {
    turns.dropIdle();
  }

  /** Ends every exchange and takes no more. */
  void close() {
    closed = true;
    ways.forEach(way -> way.exchanges.close());
  }

  /** Closes the sockets; after {@link #close}. */
  Future<Void> stop() {
    return Future.join(ways.stream().map(way -> way.endpoint.close()).toList()).mapEmpty();
  }

  /** Counts message ids as they are used, on the event loop. */
  private final class Count extends MessageInterceptorAdapter {
    private final int number;

    Count(int number) {
      this.number = number;
    }

    @Override
    public void sendRequest(Request request) {
      InetSocketAddress peer = request.getDestinationContext().getPeerAddress();
      boolean more = turns.sent(peer, number, ways.size());
      if (more && !opening && !closed && ways.size() < MOST) {
        opening = true;
        LOG.info("{} gets more messages than one socket has message ids for", peer);
        // Californium calls from outside of any context.
        context.runOnContext(
            now ->
                openOne()
                    .onFailure(error -> LOG.warn("no other socket for CoAP", error))
                    .onComplete(done -> opening = false));
      }
    }
  }
}
