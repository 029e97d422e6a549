package org.oicbridge.coap;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.oicbridge.crudn.Deadline;

/** Asks a device for nothing but a sign of life. */
final class DeviceProbe {
  private final Device.Way way;
  private final Contact contact;
  private final DeviceAddress address;
  private final DeviceQueue queue;
  private final List<String> base;

  /**
   * Sends nothing yet.
   *
   * @param base the segments that stand before every path on the device
   */
  DeviceProbe(
      Device.Way way,
      Contact contact,
      DeviceAddress address,
      DeviceQueue queue,
      List<String> base) {
    this.way = way;
    this.contact = contact;
    this.address = address;
    this.queue = queue;
    this.base = base;
  }

  /**
   * Provokes a sign of life: a reset by a ping (RFC 7252 section 4.3), or any answer by a request
   * for {@code /oic/d}. While something is under way that the device has not acknowledged, that is
   * a probe already, and nothing is sent beside it (section 4.7).
   *
   * @return fails if nothing is sent, or nothing comes back in time
   */
  Future<Response> send(boolean ping, Duration patience) {
    if (contact.waiting()) {
      return Future.failedFuture("something else is under way");
    }
    Request request = ping ? ping() : retrieve();
    Deadline deadline = Deadline.in(patience);
    Supplier<Future<Response>> send =
        () -> address.resolve(deadline).compose(peer -> way.send(request, peer, deadline));
    // Behind a request that the device takes its time for, a probe would not be sent at all.
    return queue.free() ? queue.run(deadline, send) : send.get();
  }

  private static Request ping() {
    Request ping = new Request(null, CoAP.Type.CON);
    ping.setToken(Token.EMPTY);
    return ping;
  }

  private Request retrieve() {
    Request get = Request.newGet();
    base.forEach(get.getOptions()::addUriPath);
    get.getOptions().addUriPath("oic").addUriPath("d");
    return get;
  }
}
