package org.oicbridge.coap;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext;
import org.eclipse.californium.elements.MapBasedEndpointContext.Attributes;
import org.eclipse.californium.scandium.DTLSConnector;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges with devices behind DTLS: one endpoint for those with keys and one for those with
 * certificates, each started when it is needed first. They are two so that a device which knows
 * both can't choose the one that wasn't meant.
 */
final class SecureExchanges {
  private static final Logger LOG = LoggerFactory.getLogger(SecureExchanges.class);
  private static final Attributes ANEW = DtlsEndpointContext.ATTRIBUE_HANDSHAKE_MODE_FORCE_FULL;

  private final Vertx vertx;
  private final Context context;
  private final CoapConfig config;
  private final int shard;
  private final DeviceKeys keys = new DeviceKeys();
  private final Side withKeys = new Side(true);
  private final Side withCertificates = new Side(false);

  SecureExchanges(Vertx vertx, Context context, CoapConfig config, int shard) {
    this.vertx = vertx;
    this.context = context;
    this.config = config;
    this.shard = shard;
  }

  /** Sends a request to a device that has proven who it is, see {@link Exchanges#exchange}. */
  Future<Response> exchange(
      Request request,
      InetSocketAddress peer,
      SecuredBy device,
      Deadline deadline,
      Consumer<Response> news,
      Runnable acknowledged) {
    Side side = side(device);
    return side.exchanges()
        .compose(
            exchanges -> side.send(exchanges, request, peer, device, deadline, news, acknowledged));
  }

  /** Takes no more notifications. */
  void forget(Token token, SecuredBy device) {
    side(device).forget(token);
  }

  private Side side(SecuredBy device) {
    return device.key() == null ? withCertificates : withKeys;
  }

  /** How many requests wait for their answer. */
  int size() {
    return withKeys.size() + withCertificates.size();
  }

  /** Ends every exchange and takes no more. */
  void close() {
    withKeys.close();
    withCertificates.close();
  }

  /** Ends every session; after {@link #close}. */
  Future<Void> stop() {
    return withKeys.stop().eventually(withCertificates::stop);
  }

  private final class Side {
    private final boolean shared;
    private final Set<InetSocketAddress> doubtful = new HashSet<>();
    private Future<Exchanges> started;
    private Exchanges exchanges;
    private CoapEndpoint endpoint;
    private ScheduledExecutorService handshakes;

    Side(boolean shared) {
      this.shared = shared;
    }

    Future<Exchanges> exchanges() {
      if (started == null) {
        started = start().onFailure(error -> started = null).recover(this::unusable);
      }
      return started;
    }

    private Future<Exchanges> start() {
      ScheduledExecutorService loop = ((ContextInternal) context).nettyEventLoop();
      return vertx
          .executeBlocking(() -> startEndpoint(loop))
          .map(
              running -> {
                endpoint = running;
                exchanges = new Exchanges(vertx, context, running, config);
                LOG.info("CoAP of shard {} sends over DTLS from {}", shard, running.getAddress());
                return exchanges;
              });
    }

    private CoapEndpoint startEndpoint(ScheduledExecutorService loop) throws IOException {
      DTLSConnector connector =
          shared ? DtlsClient.withKeys(config, keys) : DtlsClient.withCertificates(config);
      handshakes =
          Executors.newSingleThreadScheduledExecutor(
              task -> {
                Thread thread = new Thread(task, "coap-" + shard + "-dtls");
                thread.setDaemon(true);
                return thread;
              });
      connector.setExecutor(handshakes);
      CoapEndpoint made = EndpointFactory.secureEndpoint(config, connector, loop);
      made.start();
      return made;
    }

    private Future<Exchanges> unusable(Throwable cause) {
      LOG.error("CoAP of shard {} can't send over DTLS: {}", shard, cause.getMessage());
      return Future.failedFuture(
          new RequestFailed(
              Status.UNAVAILABLE, "handshake-failed", "the gateway is not set up for this"));
    }

    Future<Response> send(
        Exchanges through,
        Request request,
        InetSocketAddress peer,
        SecuredBy device,
        Deadline deadline,
        Consumer<Response> news,
        Runnable acknowledged) {
      boolean anew = doubtful.remove(peer);
      if (shared) {
        anew |= keys.want(peer, device.key());
      }
      MapBasedEndpointContext destination =
          new MapBasedEndpointContext(peer, device, anew ? ANEW : new Attributes());
      return through
          .exchange(request, destination, deadline, news, acknowledged)
          .onFailure(
              error -> {
                if (doubtful.size() < Devices.LIMIT
                    && error instanceof RequestFailed failed
                    && lost(failed)) {
                  // The device may have forgotten the session; next time a handshake comes first.
                  doubtful.add(peer);
                }
              });
    }

    private static boolean lost(RequestFailed failed) {
      String type = failed.response().problem().type();
      return type.equals("device-silent") || type.equals("handshake-failed");
    }

    int size() {
      return exchanges == null ? 0 : exchanges.size();
    }

    void forget(Token token) {
      if (exchanges != null) {
        exchanges.forget(token);
      }
    }

    void close() {
      if (exchanges != null) {
        exchanges.close();
      }
    }

    Future<Void> stop() {
      if (started == null) {
        return Future.succeededFuture();
      }
      return started
          .transform(ended -> vertx.executeBlocking(this::stopEndpoint))
          .otherwiseEmpty()
          .mapEmpty();
    }

    private Void stopEndpoint() {
      if (endpoint != null) {
        endpoint.destroy();
      }
      if (handshakes != null) {
        handshakes.shutdown();
      }
      return null;
    }
  }
}
