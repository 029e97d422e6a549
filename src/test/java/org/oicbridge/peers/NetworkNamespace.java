package org.oicbridge.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network of its own on this machine, joined to the machine's by a cable: a pair of interfaces
 * with addresses of IPv4 (RFC 2544) and IPv6 (RFC 4193) that reach nothing else.
 */
public final class NetworkNamespace implements AutoCloseable {
  private static final String LINK_LOCAL = "fe80::6f69:2";
  private static final String HOST_LINK_LOCAL = "fe80::6f69:1";
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String name;
  private final String prefix4;
  private final int host;
  private final String prefix6;
  private final Thread hook = new Thread(this::remove);

  private NetworkNamespace(int id) {
    this.name = "oicb" + Integer.toString(id, 36);
    this.prefix4 = "198.18." + (id >> 6 & 0xff) + ".";
    this.host = (id & 0x3f) << 2;
    this.prefix6 =
        "fd6f:6963:" + Integer.toHexString(id >> 16) + ":" + Integer.toHexString(id & 0xffff);
  }

  /**
   * Makes one. Skips the running test, or fails it, by the rule of {@link Peers#require}, when that
   * is not allowed here.
   */
  public static NetworkNamespace create() {
    Peers.require("ip");
    int id = (int) (ProcessHandle.current().pid() * 8 + COUNT.getAndIncrement() & 0x7fffff);
    NetworkNamespace namespace = new NetworkNamespace(id);
    String refusal = ip("netns", "add", namespace.name);
    if (!refusal.isEmpty()) {
      Peers.missing("network namespaces can't be made here: " + refusal);
    }
    Runtime.getRuntime().addShutdownHook(namespace.hook);
    try {
      namespace.cable();
      return namespace;
    } catch (IllegalStateException e) {
      namespace.close();
      throw e;
    }
  }

  private void cable() {
    must("link", "add", hostInterface(), "type", "veth", "peer", "name", interfaceName());
    must("link", "set", interfaceName(), "netns", name);
    must("addr", "add", hostAddress() + "/30", "dev", hostInterface());
    must("addr", "add", hostAddress6() + "/64", "dev", hostInterface(), "nodad");
    must("link", "set", hostInterface(), "up");
    inside("link", "set", "lo", "up");
    inside("addr", "add", address() + "/30", "dev", interfaceName());
    inside("addr", "add", address6() + "/64", "dev", interfaceName(), "nodad");
    // Without duplicate address detection, so that it is there at once.
    inside("addr", "add", LINK_LOCAL + "/64", "dev", interfaceName(), "nodad");
    must("addr", "add", HOST_LINK_LOCAL + "/64", "dev", hostInterface(), "nodad");
    inside("link", "set", interfaceName(), "up");
    inside("route", "add", "224.0.0.0/4", "dev", interfaceName());
  }

  /** What stands before a command that is to run inside. */
  public List<String> command() {
    return List.of(Peers.require("ip").toString(), "netns", "exec", name);
  }

  /** The end of the cable on this machine's own network. */
  public String hostInterface() {
    return name + "h";
  }

  /** The end of the cable inside. */
  public String interfaceName() {
    return name + "d";
  }

  /** The IPv4 address of this machine's end. */
  public String hostAddress() {
    return prefix4 + (host + 1);
  }

  /** The IPv4 address inside. */
  public String address() {
    return prefix4 + (host + 2);
  }

  /** The IPv6 address of this machine's end. */
  public String hostAddress6() {
    return prefix6 + "::1";
  }

  /** The IPv6 address inside. */
  public String address6() {
    return prefix6 + "::2";
  }

  /** The link-local address inside, with its zone there. */
  public String linkLocal() {
    return LINK_LOCAL + "%" + interfaceName();
  }

  /** Lets nothing through the cable any more, in neither direction, and tells neither end. */
  public void drop() {
    tc("-n", name, "qdisc", "add", "dev", interfaceName(), "root", "blackhole");
    tc("qdisc", "add", "dev", hostInterface(), "root", "blackhole");
  }

  /** Lets everything through again. */
  public void pass() {
    tc("-n", name, "qdisc", "del", "dev", interfaceName(), "root");
    tc("qdisc", "del", "dev", hostInterface(), "root");
  }

  private static void tc(String... arguments) {
    String refusal = run("tc", arguments);
    if (!refusal.isEmpty()) {
      throw new IllegalStateException("tc " + String.join(" ", arguments) + ": " + refusal);
    }
  }

  @Override
  public void close() {
    remove();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  private void remove() {
    // The cable goes with either end.
    ip("netns", "del", name);
    ip("link", "del", hostInterface());
  }

  private void inside(String... arguments) {
    List<String> all = new ArrayList<>(List.of("-n", name));
    all.addAll(List.of(arguments));
    must(all.toArray(String[]::new));
  }

  private void must(String... arguments) {
    String refusal = ip(arguments);
    if (!refusal.isEmpty()) {
      throw new IllegalStateException("ip " + String.join(" ", arguments) + ": " + refusal);
    }
  }

  private static String ip(String... arguments) {
    return run("ip", arguments);
  }

  /** Runs a program; what it said when it failed, else empty. */
  private static String run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(Peers.require(program).toString()));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "did not end";
      }
      return process.exitValue() == 0 ? "" : "failed: " + said.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
