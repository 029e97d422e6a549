package org.oicbridge.coap;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.Exchange;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.core.server.resources.ObservableResource;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;

/**
 * One observer of one resource. To Californium it is a resource with a single relation, which sees
 * to sequence numbers, resets, timeouts, confirmable notifications every so often, and that of
 * those that pile up the latest wins.
 */
final class Observation implements ObservableResource {
  /**
   * Between two notifications that nobody confirms, when the round trip to the client is not known
   * (RFC 7641 section 4.5.1).
   */
  private static final Duration PACE = Duration.ofSeconds(3);

  private final Exchange exchange;
  private final OwnRequest own;
  private final Function<CrudnResponse, Response> render;
  private final Consumer<Observation> gone;
  private final long allowedNanos;
  private final long begun = System.nanoTime();
  private long toldAt;
  private CrudnResponse last;
  private boolean told;
  private boolean asking;
  private boolean again;
  // These two are Californium's, which runs on the same loop.
  private int sequence;

  private int relations;

  Observation(
      Exchange exchange,
      OwnRequest own,
      CrudnResponse first,
      Function<CrudnResponse, Response> render,
      int sequence,
      Consumer<Observation> gone) {
    this.exchange = exchange;
    this.own = own;
    this.last = first;
    this.render = render;
    this.sequence = sequence;
    this.gone = gone;
    this.allowedNanos = own.request().deadline().nanoTime() - System.nanoTime();
  }

  /** The number of the newest notification, beyond 24 bits too. */
  int sequence() {
    return sequence;
  }

  Exchange exchange() {
    return exchange;
  }

  String path() {
    return own.request().path().path();
  }

  Caller caller() {
    return own.caller();
  }

  boolean asking() {
    return asking;
  }

  /** It has changed once more while it was being asked for. */
  void again() {
    again = true;
  }

  /** What was asked at first, with time anew. */
  OwnRequest question() {
    asking = true;
    CrudnRequest first = own.request();
    CrudnRequest now =
        new CrudnRequest(
            first.account(),
            first.target(),
            first.operation(),
            first.path(),
            first.headers(),
            first.body(),
            first.requester(),
            first.via(),
            new Deadline(System.nanoTime() + allowedNanos));
    return new OwnRequest(now, own.caller(), own.form(), own.source(), own.multicast());
  }

  /**
   * Tells the client, if it is something new.
   *
   * @return true when it must be asked for again
   */
  boolean answered(CrudnResponse answer) {
    asking = false;
    boolean stale = again;
    again = false;
    boolean same = answer.status() == last.status() && answer.equals(last);
    if (!same) {
      tell(answer);
    }
    last = answer;
    return stale;
  }

  /** Tells the client what the resource is now. An error is the last that it hears. */
  void tell(CrudnResponse answer) {
    last = answer;
    // One that the client confirms waits until the one before it has arrived, and the latest wins.
    notify(render.apply(answer), told && nanosSinceNews() < PACE.toNanos());
  }

  /** True when nothing was told for so long. */
  boolean silent(Duration time) {
    return nanosSinceNews() >= time.toNanos();
  }

  private long nanosSinceNews() {
    return System.nanoTime() - (told ? toldAt : begun);
  }

  /** Tells once more what the resource is, to learn whether the client is still there. */
  void remind() {
    notify(render.apply(last), true);
  }

  private void notify(Response response, boolean confirmable) {
    told = true;
    toldAt = System.nanoTime();
    if (confirmable) {
      response.setConfirmable(true);
    }
    response.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onSent(boolean retransmission) {
            if (!retransmission) {
              CoapMetrics.told("sent");
            }
          }

          @Override
          public void onReject() {
            CoapMetrics.told("rejected");
          }

          @Override
          public void onTimeout() {
            CoapMetrics.told("unanswered");
          }

          @Override
          public void onSendError(Throwable error) {
            CoapMetrics.told("unsent");
            // Its session is another one by now, or none.
            end();
          }
        });
    exchange.execute(
        () -> {
          sequence++;
          exchange.sendResponse(response);
        });
  }

  /** Ends the relation without a word. */
  void end() {
    exchange.execute(
        () -> {
          exchange.getRelation().cancel();
          gone.accept(this);
        });
  }

  @Override
  public String getURI() {
    return path();
  }

  @Override
  public CoAP.Type getObserveType() {
    return null;
  }

  @Override
  public int getNotificationSequenceNumber() {
    return sequence & 0xff_ffff;
  }

  @Override
  public boolean isObservable() {
    return true;
  }

  @Override
  public void addObserveRelation(ObserveRelation relation) {
    relations = 1;
  }

  @Override
  public void removeObserveRelation(ObserveRelation relation) {
    relations = 0;
    gone.accept(this);
  }

  @Override
  public int getObserverCount() {
    return relations;
  }
}
