package org.oicbridge.hosting;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oicbridge.crudn.Status;
import org.oicbridge.store.StoreException;

@ExtendWith(VertxExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class TurnsTest {
  private final List<String> order = new ArrayList<>();

  private Future<Void> change(String name, Promise<Void> end) {
    order.add(name + " begins");
    return end.future().onComplete(done -> order.add(name + " ends"));
  }

  @Test
  void change_beginsWhenTheOneBeforeHasEnded(Vertx vertx) {
    Turns turns = new Turns(vertx.getOrCreateContext());
    Promise<Void> first = Promise.promise();
    Promise<Void> second = Promise.promise();
    Future<Void> one = turns.take(() -> change("one", first));
    Future<Void> two = turns.take(() -> change("two", second));
    assertThat(order).containsExactly("one begins");
    first.fail("broken");
    assertThat(one.failed()).isTrue();
    second.complete();
    assertThat(order).containsExactly("one begins", "one ends", "two begins", "two ends");
    assertThat(two.succeeded()).isTrue();
  }

  @Test
  void change_thatThrowsHoldsUpNobody(Vertx vertx) {
    Turns turns = new Turns(vertx.getOrCreateContext());
    Future<Void> one =
        turns.take(
            () -> {
              throw Refused.value("x", "y", "z");
            });
    Future<Void> two = turns.take(Future::succeededFuture);
    assertThat(one.cause()).hasMessage("x is y, expected z");
    assertThat(two.succeeded()).isTrue();
  }

  @Test
  void write_thatFailedTellsWhetherItMayHaveBeenKept(Vertx vertx, VertxTestContext test) {
    Turns turns = new Turns(vertx.getOrCreateContext());
    Future<Void> lost = turns.written(Future.failedFuture(StoreException.inDoubt(null)));
    Future<Void> failed = turns.written(Future.failedFuture("disk full"));
    Future.join(lost, failed)
        .onComplete(
            test.failing(
                error ->
                    test.verify(
                        () -> {
                          assertThat(lost.cause()).hasMessageContaining("kept is not known");
                          assertThat(failed.cause()).hasMessageContaining("nothing has changed");
                          test.completeNow();
                        })));
  }

  @Test
  void changes_beyondTheLimitAreRefusedAtOnce(Vertx vertx) {
    Turns turns = new Turns(vertx.getOrCreateContext());
    Promise<Void> first = Promise.promise();
    Future<Void> held = turns.take(first::future);
    List<Future<Void>> waiting = new ArrayList<>();
    for (int i = 0; i < Turns.MAX_WAITING; i++) {
      waiting.add(turns.take(Future::succeededFuture));
    }
    Future<Void> tooMany = turns.take(Future::succeededFuture);
    assertThat(tooMany.failed()).isTrue();
    assertThat(Refused.of(tooMany.cause()).device().status()).isEqualTo(Status.UNAVAILABLE);
    assertThat(Refused.of(tooMany.cause()).type()).isEqualTo("hosting-busy");
    first.complete();
    assertThat(held.succeeded()).isTrue();
    assertThat(waiting).allMatch(Future::succeeded);
  }

  @Test
  void result_ofTheRegistryArrivesOnTheContext(Vertx vertx) throws Exception {
    Context context = vertx.getOrCreateContext();
    Promise<Context> where = Promise.promise();
    Promise<Void> write = Promise.promise();
    new Turns(context)
        .written(write.future())
        .onSuccess(done -> where.complete(Vertx.currentContext()));
    write.complete();
    assertThat(HostingFixture.await(where.future())).isSameAs(context);
  }
}
