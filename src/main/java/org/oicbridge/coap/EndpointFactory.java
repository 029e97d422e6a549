package org.oicbridge.coap;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.Connector;
import org.eclipse.californium.elements.EndpointContextMatcher;
import org.eclipse.californium.elements.config.Configuration;

/** Builds the Californium endpoint that the configuration describes. */
final class EndpointFactory {
  /** What RFC 7252 section 4.8.2 assumes of the network. */
  private static final long MAX_LATENCY_MILLIS = 100_000;

  private static final int DUPLICATES_PER_DEVICE = 16;

  private EndpointFactory() {}

  /**
   * An endpoint that is not started yet. It knows the OCF options, and it runs wholly on the given
   * event loop: Californium's code never blocks, it only insists on having some executor.
   */
  static CoapEndpoint endpoint(
      org.oicbridge.config.CoapConfig config, UdpChannel socket, ScheduledExecutorService loop) {
    return endpoint(configuration(config), new UdpConnector(socket), null, loop);
  }

  /** The same for a server. */
  static CoapEndpoint serverEndpoint(
      org.oicbridge.config.CoapConfig config, Connector connector, ScheduledExecutorService loop) {
    return endpoint(serverConfiguration(config), connector, null, loop);
  }

  /** The same towards devices behind DTLS. */
  static CoapEndpoint secureEndpoint(
      org.oicbridge.config.CoapConfig config, Connector connector, ScheduledExecutorService loop) {
    return endpoint(configuration(config), connector, new SessionMatcher(), loop);
  }

  /** The same for a server whose clients may use OSCORE. */
  static CoapEndpoint oscoreEndpoint(
      org.oicbridge.config.CoapConfig config,
      OscoreConnector connector,
      ScheduledExecutorService loop) {
    return endpoint(serverConfiguration(config), connector, new OscoreMatcher(), loop);
  }

  private static CoapEndpoint endpoint(
      Configuration configuration,
      Connector connector,
      EndpointContextMatcher matcher,
      ScheduledExecutorService loop) {
    CoapEndpoint endpoint =
        new CoapEndpoint.Builder()
            .setConfiguration(configuration)
            .setConnector(connector)
            .setEndpointContextMatcher(matcher)
            .setOptionRegistry(OcfOption.REGISTRY)
            .build();
    endpoint.setExecutors(loop, loop);
    return endpoint;
  }

  private static Configuration serverConfiguration(org.oicbridge.config.CoapConfig config) {
    return configuration(config)
        .set(CoapConfig.BLOCKWISE_STATUS_LIFETIME, UploadGate.KEPT.toSeconds(), TimeUnit.SECONDS);
  }

  static Configuration configuration(org.oicbridge.config.CoapConfig config) {
    long ackTimeout = config.ackTimeout().toMillis();
    // MAX_TRANSMIT_SPAN and EXCHANGE_LIFETIME by RFC 7252 section 4.8.2: how long a device may
    // remember a message id, before which it must not be used again.
    long span = (long) (ackTimeout * ((1L << config.maxRetransmit()) - 1) * 1.5);
    long lifetime = span + 2 * MAX_LATENCY_MILLIS + ackTimeout;
    return Configuration.createStandardWithoutFile()
        .set(CoapConfig.ACK_TIMEOUT, ackTimeout, TimeUnit.MILLISECONDS)
        // Californium wants at least one here; Exchanges sees to none.
        .set(CoapConfig.MAX_RETRANSMIT, Math.max(1, config.maxRetransmit()))
        .set(CoapConfig.EXCHANGE_LIFETIME, lifetime, TimeUnit.MILLISECONDS)
        .set(CoapConfig.PREFERRED_BLOCK_SIZE, config.blockSize())
        .set(CoapConfig.MAX_MESSAGE_SIZE, config.blockSize())
        .set(CoapConfig.MAX_RESOURCE_BODY_SIZE, config.maxBody())
        // Answers that come as separate CON messages are kept against duplicates for the whole
        // exchange lifetime; unbounded, a busy fleet would fill the heap with them.
        .set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP)
        .set(CoapConfig.PEERS_MARK_AND_SWEEP_MESSAGES, DUPLICATES_PER_DEVICE)
        // OwnResources waits before it asks, so that the answer is not old when it leaves.
        .set(CoapConfig.LEISURE, 1, TimeUnit.MILLISECONDS)
        .set(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT, 1);
  }
}
