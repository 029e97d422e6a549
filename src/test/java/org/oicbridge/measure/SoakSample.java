package org.oicbridge.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.oicbridge.GatewayProcess;

/** One row of a soak's series: the process, the gateway's metrics, and what the callers saw. */
final class SoakSample {
  /** What must not grow. */
  static final List<String> JUDGED =
      List.of(
          "heap", "threads", "fds", "bytestreams", "observations", "subscriptions", "eventStreams");

  private final Path folder;
  private final GatewayProcess gateway;
  private final Probe probe;
  private final SoakLoad load;
  private final SoakSubscribers subscribers;
  private final Executions executions;

  SoakSample(
      Path folder,
      GatewayProcess gateway,
      Probe probe,
      SoakLoad load,
      SoakSubscribers subscribers,
      Executions executions) {
    this.folder = folder;
    this.gateway = gateway;
    this.probe = probe;
    this.load = load;
    this.subscribers = subscribers;
    this.executions = executions;
  }

  /** Measures the process now; what is returned adds what belongs to the load's loop. */
  Callable<Map<String, Long>> prepare(long second) throws IOException, InterruptedException {
    String metrics = probe.metrics();
    Map<String, Long> row = new LinkedHashMap<>();
    row.put("second", second);
    row.put("heap", probe.heap(folder.resolve("histogram-" + second + ".txt")));
    row.put("rssKb", probe.status("VmRSS"));
    row.put("threads", probe.status("Threads"));
    row.put("fds", probe.descriptors());
    row.put("bytestreams", Probe.metric(metrics, "oicgw_ibb_streams", ""));
    row.put("sessions", Probe.metric(metrics, "oicgw_xmpp_sessions", "state=\"online\""));
    row.put("detached", Probe.metric(metrics, "oicgw_xmpp_detached", ""));
    row.put("unacknowledged", Probe.metric(metrics, "oicgw_xmpp_unacknowledged", ""));
    row.put("observations", Probe.metric(metrics, "oicgw_observe_upstream", ""));
    row.put("subscriptions", Probe.metric(metrics, "oicgw_observe_subscriptions", ""));
    row.put("eventStreams", Probe.metric(metrics, "oicgw_observe_streams", ""));
    row.put("coapInFlight", Probe.metric(metrics, "oicgw_coap_in_flight", ""));
    row.put("coapQueued", Probe.metric(metrics, "oicgw_coap_queued", ""));
    row.put("devicesOnline", online());
    return () -> {
      row.put("requests", load.sent());
      for (String status : List.of("2", "4", "429", "500", "502", "503", "504")) {
        row.put(status.length() == 1 ? status + "xx" : status, load.outcomes(status));
      }
      row.put("unanswered", load.outcomes("unanswered"));
      row.put("waiting", load.waiting());
      row.put("eventChunks", subscribers.chunks());
      row.put("updates", (long) executions.count());
      row.put("executedTwice", (long) executions.twice().size());
      return row;
    };
  }

  private long online() throws IOException, InterruptedException {
    return gateway.devices().values().stream()
        .filter(device -> device.getString("state").equals("online"))
        .count();
  }

  /** What there should be nothing of when nobody asks, and is. */
  Map<String, Long> leftovers(String metrics) {
    Map<String, Long> left = new LinkedHashMap<>();
    for (String name :
        List.of(
            "oicgw_ibb_streams",
            "oicgw_coap_in_flight",
            "oicgw_coap_queued",
            "oicgw_observe_upstream",
            "oicgw_observe_subscriptions",
            "oicgw_observe_streams",
            "oicgw_xmpp_unacknowledged",
            "oicgw_xmpp_detached")) {
      long value = Probe.metric(metrics, name, "");
      if (value != 0) {
        left.put(name, value);
      }
    }
    if (load.waiting() != 0) {
      left.put("requests without an answer", load.waiting());
    }
    return left;
  }
}
