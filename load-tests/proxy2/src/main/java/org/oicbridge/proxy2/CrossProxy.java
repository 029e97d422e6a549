package org.oicbridge.proxy2;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.MessageDeliverer;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.SystemConfig;
import org.eclipse.californium.elements.config.TcpConfig;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.eclipse.californium.proxy2.Coap2CoapTranslator;
import org.eclipse.californium.proxy2.EndpointPool;
import org.eclipse.californium.proxy2.config.Proxy2Config;
import org.eclipse.californium.proxy2.http.Http2CoapTranslator;
import org.eclipse.californium.proxy2.http.server.ProxyHttpServer;
import org.eclipse.californium.proxy2.resources.ForwardProxyMessageDeliverer;
import org.eclipse.californium.proxy2.resources.ProxyCoapClientResource;
import org.eclipse.californium.proxy2.resources.ProxyCoapResource;

/**
 * Californium's proxy from HTTP to CoAP, put together with the parts and the values of its authors'
 * cross-proxy example: a pool of 250 to 1000 endpoints, a receiver and a sender thread for each,
 * executors shared by all. It has no cache, and listens on loopback only. It says {@code ready} and
 * serves {@code http://127.0.0.1:PORT/proxy/coap://...} until its input ends.
 */
public final class CrossProxy {
  private static final int POOL = 1000;
  private static final int POOL_AT_FIRST = 250;
  private static final int BODY = 8192;
  private static final int BLOCK = 1024;

  private CrossProxy() {}

  /** Starts it on the port that the only argument gives. */
  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    CoapConfig.register();
    UdpConfig.register();
    TcpConfig.register();
    Proxy2Config.register();
    Configuration config = configuration();
    ScheduledExecutorService main =
        ExecutorsUtil.newScheduledThreadPool(
            config.get(CoapConfig.PROTOCOL_STAGE_THREAD_COUNT), new DaemonThreadFactory("Proxy#"));
    ScheduledExecutorService timers = ExecutorsUtil.newDefaultSecondaryScheduler("ProxyTimer#");
    Configuration outgoing = new Configuration(config);
    outgoing.set(UdpConfig.UDP_RECEIVER_THREAD_COUNT, 1);
    outgoing.set(UdpConfig.UDP_SENDER_THREAD_COUNT, 1);
    EndpointPool pool = new EndpointPool(POOL, POOL_AT_FIRST, outgoing, main, timers);
    Coap2CoapTranslator translator = new Coap2CoapTranslator();
    ProxyCoapResource forward =
        new ProxyCoapClientResource("coap2coap", false, false, translator, pool);
    CoapServer server = new CoapServer(config);
    server.addEndpoint(
        CoapEndpoint.builder()
            .setConfiguration(config)
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build());
    MessageDeliverer local = server.getMessageDeliverer();
    ForwardProxyMessageDeliverer deliverer =
        new ForwardProxyMessageDeliverer(server.getRoot(), translator, config);
    deliverer.addProxyCoapResources(forward);
    server.setMessageDeliverer(deliverer);
    server.setExecutors(main, timers, false);
    server.add(forward);
    ProxyHttpServer http =
        ProxyHttpServer.buider()
            .setConfiguration(config)
            .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .setExecutor(main)
            .setHttpTranslator(new Http2CoapTranslator())
            .setLocalCoapDeliverer(local)
            .setProxyCoapDeliverer(deliverer)
            .build();
    http.start();
    server.start();
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Nobody says anything.
    }
    System.exit(0);
  }

  private static Configuration configuration() {
    Configuration config = Configuration.createStandardWithoutFile();
    config.set(CoapConfig.MAX_ACTIVE_PEERS, 20_000);
    config.set(CoapConfig.MAX_RESOURCE_BODY_SIZE, BODY);
    config.set(CoapConfig.MAX_MESSAGE_SIZE, BLOCK);
    config.set(CoapConfig.PREFERRED_BLOCK_SIZE, BLOCK);
    config.set(CoapConfig.DEDUPLICATOR, CoapConfig.DEDUPLICATOR_PEERS_MARK_AND_SWEEP);
    config.set(CoapConfig.MAX_PEER_INACTIVITY_PERIOD, 24, TimeUnit.HOURS);
    config.set(Proxy2Config.HTTP_CONNECTION_IDLE_TIMEOUT, 10, TimeUnit.SECONDS);
    config.set(Proxy2Config.HTTP_CONNECT_TIMEOUT, 15, TimeUnit.SECONDS);
    config.set(Proxy2Config.HTTPS_HANDSHAKE_TIMEOUT, 30, TimeUnit.SECONDS);
    config.set(UdpConfig.UDP_RECEIVE_BUFFER_SIZE, 8192);
    config.set(UdpConfig.UDP_SEND_BUFFER_SIZE, 8192);
    config.set(SystemConfig.HEALTH_STATUS_INTERVAL, 60, TimeUnit.SECONDS);
    return config;
  }
}
