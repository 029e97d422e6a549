package org.oicbridge.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.oicbridge.GatewayProcess;

/**
 * Faults one after the other, at moments and in an order that a random number decides; each kind
 * comes once before one comes again. What was done when is written down.
 */
final class SoakFaults implements AutoCloseable {
  /** How a reader asks who then reads nothing: as much as fills every buffer on the way. */
  private static final int UNREAD_REQUESTS = 300;

  private static final int LONGEST_PAUSE_SECONDS = 16;

  private final GatewayProcess gateway;
  private final Fleet fleet;
  private final int configured;
  private final Random random;
  private final Malformed malformed;
  private final BufferedWriter log;
  private final long begun = System.nanoTime();
  private final int pauseMillis;
  private final Map<String, Integer> done = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "faults");
  private volatile boolean over;

  /** What a fault does; it is healed when it returns. */
  private interface Fault {
    void happen() throws Exception;
  }

  SoakFaults(
      GatewayProcess gateway, Fleet fleet, int configured, Random random, Path log, int minutes)
      throws IOException {
    this.gateway = gateway;
    this.fleet = fleet;
    this.configured = configured;
    this.random = random;
    this.malformed = new Malformed(gateway, fleet, random);
    this.log = Files.newBufferedWriter(log);
    this.pauseMillis = 1000 * Math.max(1, Math.min(LONGEST_PAUSE_SECONDS, minutes * 2));
  }

  void start() {
    thread.start();
  }

  /** Waits for the last one; all is healed then. */
  void stop() throws InterruptedException {
    over = true;
    thread.join();
  }

  private void run() {
    Map<String, Fault> faults = new TreeMap<>();
    faults.put("link cut", this::cut);
    faults.put("link frozen", this::freeze);
    faults.put("server restarted", this::restartServer);
    faults.put("device silent", this::silence);
    faults.put("device restarted", this::restartDevice);
    faults.put("device garbled", this::garble);
    faults.put("reader stopped", this::stopReading);
    faults.put("malformed HTTP", malformed::http);
    faults.put("malformed CoAP", () -> malformed.coap(anyDevice()));
    faults.put("malformed XMPP", malformed::xmpp);
    List<String> next = new ArrayList<>();
    try {
      while (!over) {
        if (next.isEmpty()) {
          next.addAll(faults.keySet());
          Collections.shuffle(next, random);
        }
        TimeUnit.MILLISECONDS.sleep(pauseMillis / 4 + random.nextInt(pauseMillis));
        if (!over) {
          String name = next.remove(0);
          note(name, "begins");
          happen(name, faults.get(name));
        }
      }
    } catch (InterruptedException | IOException e) {
      throw new IllegalStateException("no more faults", e);
    }
  }

  private void happen(String name, Fault fault) throws IOException {
    try {
      fault.happen();
      done.merge(name, 1, Integer::sum);
      note(name, "is over");
    } catch (Exception e) {
      // The attack itself was disturbed, by what the fault before it left, for example.
      broken.add(name + ": " + e);
      note(name, "failed: " + e);
    }
  }

  private void note(String name, String what) throws IOException {
    log.write("%.1f %s %s%n".formatted((System.nanoTime() - begun) / 1e9, name, what));
    log.flush();
  }

  private FleetDevice anyDevice() {
    return fleet.device(random.nextInt(configured));
  }

  private void lasts(int atLeastMillis, int atMostMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(atLeastMillis + random.nextInt(atMostMillis - atLeastMillis));
  }

  private void cut() throws InterruptedException {
    fleet.proxy().cut();
    lasts(200, 6000);
    fleet.proxy().heal();
  }

  private void freeze() {
    fleet.proxy().freeze();
  }

  private void restartServer() throws InterruptedException {
    fleet.server().down();
    lasts(200, 4000);
    fleet.server().restart();
  }

  private void silence() throws InterruptedException {
    FleetDevice device = anyDevice();
    device.silent(true);
    lasts(2000, 15_000);
    device.silent(false);
  }

  private void restartDevice() {
    anyDevice().restart();
  }

  private void garble() throws InterruptedException {
    FleetDevice device = anyDevice();
    device.garbled(true);
    lasts(2000, 8000);
    device.garbled(false);
  }

  private void stopReading() throws IOException, InterruptedException {
    try (Socket many = unread();
        Socket events = unread()) {
      ask(many, "large", "application/json", UNREAD_REQUESTS);
      ask(events, "value", "text/event-stream", 1);
      lasts(2000, 15_000);
    }
  }

  private Socket unread() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
    return socket;
  }

  private void ask(Socket socket, String resource, String accept, int times) throws IOException {
    String request =
        "GET "
            + Api.resource(anyDevice().di(), resource)
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + gateway.port()
            + "\r\n"
            + GatewayProcess.authorization()
            + "\r\nAccept: "
            + accept
            + "\r\n\r\n";
    // Such a gateway stops reading as well, so the writing must not wait for it.
    Thread writer =
        new Thread(
            () -> {
              try {
                socket.getOutputStream().write(request.repeat(times).getBytes(UTF_8));
              } catch (IOException e) {
                // The end of the fault closed it.
              }
            },
            "unread");
    writer.setDaemon(true);
    writer.start();
  }

  /** How often each fault was done. */
  Map<String, Integer> done() {
    return done;
  }

  /** Attacks that did not get through themselves. */
  List<String> broken() {
    return broken;
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
