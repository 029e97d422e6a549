package org.oicbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@Timeout(value = 10, unit = TimeUnit.SECONDS)
class ShardTest {
  private final List<String> events = new ArrayList<>();

  /** Tells when it starts and stops, and what it hears as long as it has not stopped. */
  private final class Member extends VerticleBase {
    private final String name;
    private boolean stopped;

    Member(String name) {
      this.name = name;
    }

    @Override
    public Future<?> start() {
      events.add(name + " starts");
      vertx
          .eventBus()
          .<String>localConsumer(
              "farewell",
              message -> {
                if (!stopped) {
                  events.add(name + " hears " + message.body());
                }
              });
      return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
      stopped = true;
      events.add(name + " stops");
      vertx.eventBus().publish("farewell", name);
      return Future.succeededFuture();
    }
  }

  @Test
  void members_stopInReverseAndHearWhatTheOthersSayInStopping(Vertx vertx) throws Exception {
    Shard shard = new Shard(List.of(new Member("xmpp"), new Member("ibb")));
    vertx
        .deployVerticle(shard)
        .compose(vertx::undeploy)
        .toCompletionStage()
        .toCompletableFuture()
        .get();
    assertThat(events)
        .containsExactly("xmpp starts", "ibb starts", "ibb stops", "xmpp hears ibb", "xmpp stops");
  }
}
