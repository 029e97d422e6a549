package org.oicbridge.sandbox;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Token;

/** Who observes the resources of one device (RFC 7641). */
final class FleetObservers {
  /** The one that was there first makes room for a further one. */
  static final int MAX = 16;

  private final List<Observer> observers = new ArrayList<>(0);

  /** One that has asked for notifications. */
  static final class Observer {
    private final String href;
    private final InetSocketAddress peer;
    private final Request request;
    private int number;
    private int mid = -1;

    Observer(String href, InetSocketAddress peer, Request request) {
      this.href = href;
      this.peer = peer;
      this.request = request;
    }

    String href() {
      return href;
    }

    InetSocketAddress peer() {
      return peer;
    }

    /** What every notification is another answer to. */
    Request request() {
      return request;
    }

    /** The number of the notification that has this message id. */
    int next(int newMid) {
      mid = newMid;
      number = (number + 1) & 0xffffff;
      return number;
    }

    private boolean is(String otherHref, InetSocketAddress otherPeer, Token token) {
      return href.equals(otherHref) && peer.equals(otherPeer) && request.getToken().equals(token);
    }
  }

  Observer add(String href, InetSocketAddress peer, Request request) {
    remove(href, peer, request.getToken());
    if (observers.size() == MAX) {
      observers.remove(0);
    }
    Observer observer = new Observer(href, peer, request);
    observers.add(observer);
    return observer;
  }

  void remove(String href, InetSocketAddress peer, Token token) {
    observers.removeIf(observer -> observer.is(href, peer, token));
  }

  /** The last notification was rejected: its observer wants no more (section 3.6). */
  void rejected(InetSocketAddress peer, int mid) {
    observers.removeIf(observer -> observer.peer.equals(peer) && observer.mid == mid);
  }

  void each(String href, Consumer<Observer> action) {
    for (Observer observer : observers) {
      if (observer.href.equals(href)) {
        action.accept(observer);
      }
    }
  }
}
