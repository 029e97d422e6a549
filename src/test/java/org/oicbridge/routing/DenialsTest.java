package org.oicbridge.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.routing.RouterFixture.HOME;
import static org.oicbridge.routing.RouterFixture.LAMP;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.config.RoutingConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;
import org.slf4j.LoggerFactory;

/** Who is refused is told, and can fill neither the log nor the metrics. */
@Timeout(120)
class DenialsTest {
  /** The owner of another account, whose devices know this one's from their roster. */
  private static final Jid OTHER = Jid.parse("other@example.org");

  private static final int MANY = 1_000_000;

  private final Queue<ILoggingEvent> lines = new ConcurrentLinkedQueue<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("org.oicbridge");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
            lines.add(event);
          }
        }
      };
  private Vertx vertx;
  private CrudnRouter router;

  @BeforeEach
  void start() {
    appender.start();
    logger.addAppender(appender);
    Metrics.addRegistry(registry);
    vertx = Vertx.vertx();
    Accounts accounts = new Accounts(new OwnIds(vertx));
    accounts.host(RouterFixture.home(), RouterFixture.GATEWAY_JID);
    router =
        new CrudnRouter(
            new RoutingConfig(Duration.ofSeconds(5), 2, 1024, 90),
            accounts,
            new Routes(vertx.eventBus(), 0));
  }

  @AfterEach
  void stop() throws Exception {
    Metrics.removeRegistry(registry);
    logger.detachAppender(appender);
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private static CrudnRequest request(Jid requester, DeviceId target, String path) {
    CrudnRequest plain = RouterFixture.request(requester, target, Operation.UPDATE, Via.HOSTED);
    return new CrudnRequest(
        HOME,
        target,
        Operation.UPDATE,
        ResourcePath.parse(path),
        Headers.NONE,
        "1",
        requester,
        Via.HOSTED,
        plain.deadline());
  }

  @Test
  void deviceOfAnotherAccount_isDeniedAndToldInTheLog() {
    Jid device = OTHER.withResource("OIC/1.0/oic.d.light/1");
    CrudnResponse answer = router.route(request(device, LAMP, "/light")).result();

    assertThat(answer.status()).isEqualTo(Status.FORBIDDEN);
    assertThat(answer.problem().type()).isEqualTo("access-denied");
    assertThat(lines)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.WARN);
              assertThat(line.getFormattedMessage())
                  .contains(OTHER.toString())
                  .contains("POST /light")
                  .contains(LAMP.text())
                  .contains(HOME.toString());
            });
  }

  @Test
  void denials_areToldSoOftenAMinuteAndThenCounted() {
    AtomicLong now = new AtomicLong();
    Denials denials = new Denials(now::get);
    for (int i = 0; i < Denials.LINES + 10; i++) {
      denials.tell(request(OTHER, LAMP, "/light"));
    }
    assertThat(lines).hasSize(Denials.LINES);

    now.addAndGet(TimeUnit.MINUTES.toNanos(1));
    denials.tell(request(OTHER, LAMP, "/light"));
    assertThat(lines).hasSize(Denials.LINES + 2);
    assertThat(lines).anySatisfy(line -> assertThat(line.getFormattedMessage()).startsWith("10 "));
  }

  @Test
  void millionsOfIdentifiers_makeNeitherSeriesNorLines() {
    route(0);
    int meters = registry.getMeters().size();
    for (int i = 1; i < MANY / 2; i++) {
      route(i);
    }
    assertThat(registry.getMeters()).hasSize(meters);
    // One minute at the most has passed on any machine that is fast enough for the other tests.
    assertThat(lines).hasSizeLessThanOrEqualTo(2 * Denials.LINES + 1);
  }

  /** One request of somebody who may, and one of somebody who may not. */
  private void route(int number) {
    DeviceId random = new DeviceId(new UUID(number, 0x8000_0000_0000_0000L).toString());
    String path = "/" + number;
    assertThat(router.route(request(HOME, random, path)).result().status())
        .isEqualTo(Status.NOT_FOUND);
    assertThat(router.route(request(OTHER, random, path)).result().status())
        .isEqualTo(Status.FORBIDDEN);
  }
}
