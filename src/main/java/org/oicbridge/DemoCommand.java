package org.oicbridge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs the gateway with an embedded XMPP server and three simulated devices, on loopback.")
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8080",
      converter = LoopbackAddress.Converter.class,
      description = "Where the HTTP API listens (${DEFAULT-VALUE}); port 0 for any free one.")
  private LoopbackAddress http;

  @Option(
      names = "--xmpp",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:5222",
      converter = LoopbackAddress.Converter.class,
      description = "Where the embedded XMPP server listens (${DEFAULT-VALUE}).")
  private LoopbackAddress xmpp;

  @Option(
      names = "--coap",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:5683",
      converter = LoopbackAddress.Converter.class,
      description =
          "Where the first simulated device listens, the others on the next ports"
              + " (${DEFAULT-VALUE}); port 0 for free ones.")
  private LoopbackAddress coap;

  @Override
  public Integer call() {
    Vertx vertx = Vertx.vertx(Gateway.vertxOptions());
    Demo demo = new Demo(vertx, http, xmpp, coap);
    Future<Void> started = demo.start().onSuccess(ready -> demo.describe(System.out));
    return RunningProcess.serve(vertx, started, demo::stop);
  }
}
