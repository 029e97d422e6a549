package org.oicbridge.sandbox;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.oicbridge.crudn.Jid;

/** What runs on the server's event loop. */
final class RunningServer implements Deployable {
  private static final int NOT_LISTENING = -1;

  /** Of the connections that wait to be accepted; the kernel's own limit may be less. */
  private static final int BACKLOG = 4096;

  private final Vertx vertx;
  private final EmbeddedXmppServer.Options options;
  private final ServerCertificate certificate;
  private final HostedDomain host;
  private final Set<ServerStream> streams = new LinkedHashSet<>();
  private final List<NetServer> listening = new ArrayList<>();
  private ServerFaults faults;
  private int port = NOT_LISTENING;
  private int directTlsPort = NOT_LISTENING;

  RunningServer(
      Vertx vertx,
      EmbeddedXmppServer.Options options,
      Tuning tuning,
      Jid domain,
      ServerCertificate certificate,
      Accounts accounts) {
    this.vertx = vertx;
    this.options = options;
    this.certificate = certificate;
    Counts counts = new Counts();
    Resources resources = new Resources();
    Router router = new Router(domain, accounts, resources);
    host =
        new HostedDomain(
            domain,
            options.tls(),
            tuning.patience(),
            certificate,
            accounts,
            new Logins(counts),
            resources,
            router,
            new StreamManagement(
                vertx, options.resumption(), tuning, router, accounts::token, counts),
            new Faults(),
            counts);
  }

  /** The port of the streams that start in the clear. */
  int port() {
    return port;
  }

  /** The port of the streams that start under TLS, -1 when there is none. */
  int directTlsPort() {
    return directTlsPort;
  }

  ServerFaults faults() {
    return faults;
  }

  @Override
  public Future<?> deploy(Context context) {
    faults = new ServerFaults(context, streams, host);
    Future<NetServer> inTheClear = listen(false, options.port());
    Future<NetServer> direct =
        options.directTlsPort() == NOT_LISTENING
            ? Future.succeededFuture()
            : listen(true, options.directTlsPort());
    return Future.all(
        inTheClear.onSuccess(server -> port = server.actualPort()),
        direct.onSuccess(
            server -> directTlsPort = server == null ? NOT_LISTENING : server.actualPort()));
  }

  private Future<NetServer> listen(boolean tls, int on) {
    NetServerOptions where =
        new NetServerOptions()
            .setSsl(tls)
            .setHost(options.host())
            .setPort(on)
            .setAcceptBacklog(BACKLOG);
    if (tls) {
      where.setKeyCertOptions(certificate.tls().getKeyCertOptions());
    }
    NetServer server = vertx.createNetServer(where);
    listening.add(server);
    server.connectHandler(this::connected);
    return server.listen();
  }

  private void connected(NetSocket socket) {
    if (host.faults().refusing()) {
      socket.close();
      return;
    }
    streams.add(new ServerStream(vertx, socket, host, this::ended));
    host.counts().connected();
  }

  private void ended(ServerStream stream) {
    streams.remove(stream);
    host.counts().changed();
  }

  @Override
  public Future<?> undeploy(Context context) {
    List.copyOf(streams).forEach(stream -> stream.fail("system-shutdown"));
    return Future.join(listening.stream().map(NetServer::close).toList());
  }
}
