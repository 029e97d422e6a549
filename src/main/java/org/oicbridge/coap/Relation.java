package org.oicbridge.coap;

import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.observe.NotificationOrder;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.Status;

/**
 * An observation of one resource of a device (RFC 7641), from its registration to its end. Of
 * notifications that overtake each other only the newest counts (section 3.4); one that stays away
 * for longer than the last is fresh has the registration repeated (section 3.3.1).
 */
final class Relation {
  /** Whoever wants to know. */
  interface Listener {
    void tell(CrudnResponse response, Kind kind);
  }

  private static final long NONE = -1;
  private static final int HALF = 1 << 23;

  /** For a registration that is repeated, and for a cancellation. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final RenewalPace pace;
  private final Listener listener;
  private Device device;
  private DeviceMessage message;
  private Request registration;
  private InetSocketAddress peer;
  private Token token;

  /** Of the newest notification; null when the next one counts whatever its number. */
  private NotificationOrder newest;

  /** Of the newest notification before the registration was repeated, else null. */
  private NotificationOrder before;

  /** The device has counted anew once, which some do each time that they are asked again. */
  private boolean countsAnew;

  private byte[] value;
  private long timer = NONE;
  private boolean ended;

  Relation(Vertx vertx, RenewalPace pace, Listener listener) {
    this.vertx = vertx;
    this.pace = pace;
    this.listener = listener;
  }

  /** The device has agreed to tell. */
  void registered(
      Device of, DeviceMessage asked, Request request, InetSocketAddress address, Response answer) {
    device = of;
    message = asked;
    registration = request;
    peer = address;
    token = answer.getToken();
    device.observed(1);
    if (ended) {
      cancel();
      return;
    }
    newer(answer);
    value = answer.getPayload();
    await(answer);
  }

  private void await(Response answer) {
    stopTimer();
    timer = vertx.setTimer(pace.millis(answer.getOptions().getMaxAge()), fired -> renew());
  }

  private void stopTimer() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
  }

  /** Takes a notification. */
  void news(Response notification) {
    if (ended || token == null) {
      return;
    }
    if (!newer(notification)) {
      CoapMetrics.notification("outdated");
      return;
    }
    CrudnResponse response;
    try {
      response = device.translate(notification, message);
    } catch (RequestFailed e) {
      // The next one may be better, and when there is none the registration is repeated.
      CoapMetrics.notification("unreadable");
      return;
    }
    if (notification.getOptions().hasObserve() && response.status().success()) {
      CoapMetrics.notification("taken");
      await(notification);
      listener.tell(response, restarted(notification) ? Kind.RESTARTED : Kind.CHANGED);
    } else {
      // Anything else is the device's last word (RFC 7641 section 4.2).
      CoapMetrics.notification("last");
      over(response, Kind.ENDED);
    }
  }

  /** Whether the device counts anew, as one does that was restarted and has forgotten us. */
  private boolean restarted(Response notification) {
    byte[] now = notification.getPayload();
    boolean other = !Arrays.equals(now, value);
    boolean back = before != null && behind(notification.getOptions().getObserve(), before);
    boolean told = back && (other || !countsAnew);
    value = now;
    before = null;
    countsAnew |= back;
    return told;
  }

  /** RFC 7641 section 3.4, but for the time: nothing newer was sent meanwhile. */
  private static boolean behind(int number, NotificationOrder newest) {
    int distance = (newest.getObserve() - number) & 0xff_ffff;
    return distance > 0 && distance < HALF;
  }

  private boolean newer(Response notification) {
    Integer number = notification.getOptions().getObserve();
    if (number == null) {
      return true;
    }
    if (newest != null && !newest.isNew(notification)) {
      return false;
    }
    newest = new NotificationOrder(number, notification.getNanoTimestamp());
    return true;
  }

  private void over(CrudnResponse reason, Kind kind) {
    if (!ended) {
      stop();
      device.forget(token);
      device.observed(-1);
      listener.tell(reason, kind);
    }
  }

  private void stop() {
    ended = true;
    stopTimer();
  }

  private Request again() {
    Request request = new Request(registration.getCode());
    request.setOptions(registration.getOptions());
    request.setToken(token);
    return request;
  }

  private void renew() {
    timer = NONE;
    CoapMetrics.renewal();
    // A device that was restarted begins to count anew.
    before = newest;
    newest = null;
    Request request = again();
    request.setObserve();
    device
        .renew(request, peer, Deadline.in(PATIENCE), this)
        .onSuccess(this::renewed)
        .onFailure(error -> over(((RequestFailed) error).response(), Kind.LOST));
  }

  private void renewed(Response answer) {
    if (ended) {
      return;
    }
    if (Device.refused(answer, message)) {
      over(
          CrudnResponse.failed(
              Status.BAD_GATEWAY, "bad-answer", "the device wants to be spoken to otherwise now"),
          Kind.LOST);
    } else {
      news(answer);
      if (!ended && timer == NONE) {
        // Older than a notification that came in the meantime, or not readable.
        await(answer);
      }
    }
  }

  /** Nobody wants to know any more. */
  void end() {
    if (ended) {
      return;
    }
    stop();
    if (token != null) {
      cancel();
    }
  }

  /** Tells the device; should it miss that, it gets a reset for the next notification. */
  private void cancel() {
    device.forget(token);
    device.observed(-1);
    Request request = again();
    request.setObserveCancel();
    device.cancel(request, peer, Deadline.in(PATIENCE));
  }
}
