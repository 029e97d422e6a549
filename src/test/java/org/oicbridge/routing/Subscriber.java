package org.oicbridge.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.Notification.Kind;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.bus.Unsubscribe;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;

/** Somebody who subscribes, and keeps what they are told. */
final class Subscriber {
  private final RouterFixture fixture;
  private final String name;
  private final BlockingQueue<Notification> told = new LinkedBlockingQueue<>();

  Subscriber(RouterFixture fixture, String name) {
    this.fixture = fixture;
    this.name = name;
    Contracts.NOTIFICATION.listen(fixture.vertx.eventBus(), name, told::add);
  }

  CrudnResponse subscribe(CrudnRequest request) {
    return fixture.ask(Contracts.SUBSCRIBE, new Subscribe(request, name));
  }

  void unsubscribe() {
    fixture.ask(Contracts.UNSUBSCRIBE, new Unsubscribe(RouterFixture.HOME, name));
  }

  CrudnResponse next(Kind kind) throws InterruptedException {
    Notification news = told.poll(10, TimeUnit.SECONDS);
    assertThat(news).isNotNull();
    assertThat(news.kind()).isEqualTo(kind);
    return news.response();
  }

  boolean heardNothing() {
    // Whatever was sent before has been delivered when this question is answered.
    unsubscribeSomebodyElse();
    return told.isEmpty();
  }

  private void unsubscribeSomebodyElse() {
    fixture.ask(Contracts.UNSUBSCRIBE, new Unsubscribe(RouterFixture.HOME, name + "-other"));
  }
}
