package org.oicbridge.coap;

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
  private final Exchange exchange;
  private final OwnRequest own;
  private final Function<CrudnResponse, Response> render;
  private final Consumer<Observation> gone;
  private final long allowedNanos;
  private CrudnResponse last;
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
      Consumer<Observation> gone) {
    this.exchange = exchange;
    this.own = own;
    this.last = first;
    this.render = render;
    this.gone = gone;
    this.allowedNanos = own.request().deadline().nanoTime() - System.nanoTime();
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
    last = answer;
    if (!same) {
      notify(render.apply(answer));
    }
    return stale;
  }

  private void notify(Response response) {
    response.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onSendError(Throwable error) {
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
