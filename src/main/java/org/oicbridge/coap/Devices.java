package org.oicbridge.coap;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.crudn.Deadline;

/**
 * What is known of devices, by endpoint and by what they prove in a handshake. It is a memory only:
 * a device that was forgotten costs one more discovery when it is used again.
 */
final class Devices {
  static final int LIMIT = 20_000;
  static final Duration IDLE = Duration.ofMinutes(10);

  /**
   * Where a device is and who it must be.
   *
   * @param proof null for a plain endpoint
   */
  record Key(URI endpoint, SecuredBy proof) {}

  private final Vertx vertx;
  private final PlainExchanges exchanges;
  private final SecureExchanges secure;
  private final CoapConfig config;
  private final AtomicInteger queued = new AtomicInteger();
  // Least recently used first.
  private final Map<Key, Device> all = new LinkedHashMap<>(16, 0.75f, true);

  private Function<Key, Contact.Listener> listeners = key -> Contact.Listener.NONE;

  Devices(Vertx vertx, PlainExchanges exchanges, SecureExchanges secure, CoapConfig config) {
    this.vertx = vertx;
    this.exchanges = exchanges;
    this.secure = secure;
    this.config = config;
  }

  /** Tells from now on of each device that is used first what it answers. */
  void tell(Function<Key, Contact.Listener> whom) {
    listeners = whom;
  }

  Device at(HostedDevice hosted) {
    Device device = all.computeIfAbsent(key(hosted), this::device);
    if (all.size() > LIMIT) {
      dropEldestIdle(device);
    }
    return device;
  }

  static Key key(HostedDevice hosted) {
    URI endpoint = hosted.endpoint();
    return new Key(endpoint, DeviceAddress.secure(endpoint) ? SecuredBy.of(hosted) : null);
  }

  private Device device(Key key) {
    Contact contact = new Contact(listeners.apply(key));
    Device.Way way = key.proof == null ? new Plain(contact) : new Secure(contact, key.proof);
    return new Device(vertx, way, contact, config, queued, key.endpoint);
  }

  /** Over UDP; there may be no exchanges yet when it is made. */
  private final class Plain implements Device.Way {
    private final Contact contact;

    Plain(Contact contact) {
      this.contact = contact;
    }

    @Override
    public Future<Response> send(Request request, InetSocketAddress peer, Deadline deadline) {
      return exchange(request, peer, deadline, null);
    }

    private Future<Response> exchange(
        Request request, InetSocketAddress peer, Deadline deadline, Consumer<Response> news) {
      return contact.follow(
          acknowledged -> exchanges.exchange(request, peer, deadline, news, acknowledged));
    }

    @Override
    public Future<Response> observe(
        Request request, InetSocketAddress peer, Deadline deadline, Consumer<Response> news) {
      return exchange(request, peer, deadline, contact.hear(news));
    }

    @Override
    public void forget(Token token) {
      exchanges.forget(token);
    }
  }

  /** Over DTLS, to a device that has proven who it is. */
  private final class Secure implements Device.Way {
    private final Contact contact;
    private final SecuredBy proof;

    Secure(Contact contact, SecuredBy proof) {
      this.contact = contact;
      this.proof = proof;
    }

    @Override
    public Future<Response> send(Request request, InetSocketAddress peer, Deadline deadline) {
      return exchange(request, peer, deadline, null);
    }

    private Future<Response> exchange(
        Request request, InetSocketAddress peer, Deadline deadline, Consumer<Response> news) {
      return contact.follow(
          acknowledged -> secure.exchange(request, peer, proof, deadline, news, acknowledged));
    }

    @Override
    public Future<Response> observe(
        Request request, InetSocketAddress peer, Deadline deadline, Consumer<Response> news) {
      return exchange(request, peer, deadline, contact.hear(news));
    }

    @Override
    public void forget(Token token) {
      secure.forget(token, proof);
    }
  }

  private void dropEldestIdle(Device except) {
    for (Iterator<Device> each = all.values().iterator(); each.hasNext(); ) {
      Device device = each.next();
      if (device != except && device.idleSince(System.nanoTime())) {
        each.remove();
        return;
      }
    }
  }

  /** Forgets those that nobody used for a while. */
  void dropIdle(Duration idle) {
    long since = System.nanoTime() - idle.toNanos();
    all.values().removeIf(device -> device.idleSince(since));
  }

  int size() {
    return all.size();
  }

  /** How many requests wait for their device; any thread may ask. */
  int queued() {
    return queued.get();
  }
}
