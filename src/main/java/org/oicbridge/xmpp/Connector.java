package org.oicbridge.xmpp;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.Future;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.oicbridge.config.AccountConfig;
import org.oicbridge.config.AccountConfig.Tls;

/** Makes the connection for a stream, trying one target after the other. */
final class Connector {
  private final NetClient client;
  private final Targets targets;
  private final ServerTls tls;
  private final int timeoutMillis;

  Connector(NetClient client, Targets targets, ServerTls tls, int timeoutMillis) {
    this.client = client;
    this.targets = targets;
    this.tls = tls;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * Connects to the server of an account.
   *
   * @param redirect where the server wants us to go instead, or null
   */
  Future<NetSocket> connect(AccountConfig account, Target redirect) {
    return redirect != null
        ? tryNext(account, List.of(redirect), 0)
        : targets.of(account).compose(list -> tryNext(account, list, 0));
  }

  private Future<NetSocket> tryNext(AccountConfig account, List<Target> list, int index) {
    Target target = list.get(index);
    String domain = account.jid().domain();
    ConnectOptions options =
        new ConnectOptions()
            .setHost(target.host())
            .setPort(target.port())
            .setTimeout(timeoutMillis);
    if (account.tls() == Tls.DIRECT) {
      options
          .setSsl(true)
          .setSslOptions(tls.options(domain))
          .setSniServerName(ServerTls.serverName(domain));
    }
    return client
        .connect(options)
        .recover(
            error ->
                index + 1 < list.size()
                    ? tryNext(account, list, index + 1)
                    : Future.failedFuture(new ConnectException(target, error)));
  }

  /** None of the targets could be reached; this is what became of the last one. */
  static final class ConnectException extends Exception {
    private final Target target;

    private ConnectException(Target target, Throwable cause) {
      super(cause);
      this.target = target;
    }

    StreamEnd end() {
      return getCause() instanceof SSLException
          ? ServerTls.failure(getCause())
          : StreamEnd.retry("can't connect to " + target + ": " + reason(getCause()));
    }

    private static String reason(Throwable cause) {
      if (cause instanceof UnknownHostException) {
        return "the name has no address";
      }
      if (cause instanceof ConnectTimeoutException) {
        return "no answer in time";
      }
      return cause instanceof java.net.ConnectException
          ? "nobody listens there"
          : cause.getClass().getSimpleName();
    }
  }
}
