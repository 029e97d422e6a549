package org.oicbridge.oic;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.oicbridge.bus.Contracts;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Link;
import org.oicbridge.crudn.Status;

/** What is remembered of remote devices, and for how long. */
@ExtendWith(VertxExtension.class)
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RemoteLinksTest {
  private static final Jid HOME = OwnDevice.HOME;
  private static final CrudnResponse SILENT =
      CrudnResponse.failed(Status.TIMEOUT, "device-silent", "nothing came back");

  private final BlockingQueue<Question> asked = new LinkedBlockingQueue<>();
  private Context context;
  private RemoteLinks links;

  private record Question(DeviceId di, Promise<CrudnResponse> answer) {}

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    Contracts.register(vertx);
    context = vertx.getOrCreateContext();
    links =
        onContext(
            () -> {
              Contracts.CRUDN.serve(
                  vertx.eventBus(),
                  0,
                  request -> {
                    Promise<CrudnResponse> answer = Promise.promise();
                    asked.add(new Question(request.target(), answer));
                    return answer.future();
                  });
              return new RemoteLinks(vertx.eventBus(), 1, new Announcements(vertx));
            });
  }

  private <T> T onContext(Supplier<T> what) throws Exception {
    Promise<T> done = Promise.promise();
    context.runOnContext(nothing -> Future.succeededFuture(what.get()).onComplete(done));
    return done.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static DeviceId di(int number) {
    return new DeviceId("device-" + number);
  }

  private List<Link> of(Jid account, int number) throws Exception {
    return onContext(() -> links.of(account, di(number)));
  }

  private void forget(int number) throws Exception {
    onContext(
        () -> {
          links.forget(HOME, di(number));
          return true;
        });
  }

  private Question question() throws InterruptedException {
    Question question = asked.poll(10, TimeUnit.SECONDS);
    assertThat(question).as("a device is asked").isNotNull();
    return question;
  }

  private static CrudnResponse has(String href) {
    return CrudnResponse.answered(
        Status.OK,
        Headers.NONE,
        "[{\"href\":\"" + href + "\",\"rt\":[\"oic.r.x\"],\"if\":[\"oic.if.a\"]}]");
  }

  private void awaitLink(Jid account, int number, String href) throws Exception {
    long begun = System.nanoTime();
    while (of(account, number).stream().noneMatch(link -> link.href().equals(href))) {
      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(10));
    }
  }

  private void learn(Jid account, int number) throws Exception {
    of(account, number);
    question().answer().complete(has("/a"));
    awaitLink(account, number, "/a");
  }

  @Test
  void device_beyondThoseThatAreListedIsNotAsked() throws Exception {
    for (int i = 0; i < RemoteDevices.MAX_DEVICES; i++) {
      learn(HOME, i);
    }
    assertThat(of(HOME, 9999)).isEmpty();
    // Another account has its own room, and those that are known stay so.
    learn(OwnDevice.GUEST, 0);
    awaitLink(HOME, 0, "/a");
    assertThat(asked).isEmpty();

    forget(0);
    of(HOME, 9999);
    assertThat(question().di()).isEqualTo(di(9999));
  }

  @Test
  void answer_ofADeviceThatCameAnewMeanwhileIsNotKept() throws Exception {
    of(HOME, 1);
    Question before = question();
    forget(1);
    of(HOME, 1);
    Question after = question();
    before.answer().complete(SILENT);
    after.answer().complete(has("/new"));
    awaitLink(HOME, 1, "/new");

    forget(1);
    of(HOME, 1);
    before = question();
    forget(1);
    of(HOME, 1);
    question().answer().complete(has("/newer"));
    awaitLink(HOME, 1, "/newer");
    before.answer().complete(SILENT);
    // The answer to this one comes after that.
    learn(HOME, 2);
    awaitLink(HOME, 1, "/newer");
    assertThat(asked).isEmpty();
  }

  @Test
  void account_whoseDevicesNobodyTellsOfIsAskedAnew() throws Exception {
    learn(HOME, 1);
    onContext(
        () -> {
          links.forget(HOME);
          return true;
        });
    assertThat(of(HOME, 1)).isEmpty();
    assertThat(question().di()).isEqualTo(di(1));
  }
}
