package org.oicbridge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;

/**
 * Devices behind one endpoint, each with {@code /d/{device}/value}, which anybody may observe. What
 * changes it names itself; it is counted how often each such request is executed, also when the
 * devices are restarted.
 */
final class CountingDevices implements AutoCloseable {
  /** What a request calls itself, in JSON and in CBOR alike. */
  private static final Pattern NAME = Pattern.compile("r[0-9]+");

  private static final int MAX_AGE_SECONDS = 10;

  private final List<String> ids;
  private final Map<String, AtomicInteger> executed = new ConcurrentHashMap<>();
  private final List<CoapExchange> held = new ArrayList<>();
  private List<Value> values;
  private PlainDevice device;
  private boolean holding;
  private final AtomicInteger value = new AtomicInteger(1);

  CountingDevices(List<String> ids) {
    this.ids = ids;
    start(0);
  }

  private void start(int port) {
    values = new ArrayList<>();
    CoapResource all = new CoapResource("d");
    for (String id : ids) {
      Value resource = new Value();
      values.add(resource);
      all.add(new CoapResource(id).add(resource));
    }
    device = PlainDevice.startAt(port, all);
  }

  /** Restarts them all; they know nothing of who asked or observed before. */
  void restart() {
    int port = device.endpoint().getPort();
    device.close();
    synchronized (held) {
      held.clear();
    }
    start(port);
  }

  String endpoint(String id) {
    return device.endpoint() + "/d/" + id;
  }

  /** Executes what changes something, and answers it only when that is over. */
  void hold() {
    synchronized (held) {
      holding = true;
    }
  }

  /** Waits until so many answers are held; false when they are not in time. */
  boolean awaitHeld(int count, long seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    synchronized (held) {
      while (held.size() < count) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        held.wait(left);
      }
      return true;
    }
  }

  /** Answers all that is held, and everything at once from now on. */
  void release() {
    synchronized (held) {
      holding = false;
      held.forEach(exchange -> exchange.respond(ResponseCode.CHANGED));
      held.clear();
    }
  }

  /** All have a new value, and tell who observes them. */
  int change() {
    int next = value.incrementAndGet();
    values.forEach(CoapResource::changed);
    return next;
  }

  /** How often a request was executed. */
  int executions(String name) {
    AtomicInteger times = executed.get(name);
    return times == null ? 0 : times.get();
  }

  @Override
  public void close() {
    device.close();
  }

  private final class Value extends CoapResource {
    Value() {
      super("value");
      setObservable(true);
      setObserveType(CoAP.Type.CON);
    }

    @Override
    public void handleGET(CoapExchange exchange) {
      exchange.setMaxAge(MAX_AGE_SECONDS);
      exchange.respond(
          ResponseCode.CONTENT, String.valueOf(value.get()), MediaTypeRegistry.APPLICATION_JSON);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      String body = new String(exchange.getRequestPayload(), StandardCharsets.ISO_8859_1);
      Matcher name = NAME.matcher(body);
      if (!name.find()) {
        exchange.respond(ResponseCode.BAD_REQUEST);
        return;
      }
      executed.computeIfAbsent(name.group(), key -> new AtomicInteger()).incrementAndGet();
      synchronized (held) {
        if (holding) {
          exchange.accept();
          held.add(exchange);
          held.notifyAll();
        } else {
          exchange.respond(ResponseCode.CHANGED);
        }
      }
    }
  }
}
