package org.oicbridge.load;

import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.oicbridge.gatling.OicDsl;

/**
 * Many accounts that are asked at a steady rate, and one that is asked for far more than its slow
 * devices can do. That one is refused with 429 when it has too much under way; the others must not
 * notice: none of their requests fails, and their 99th percentile keeps below a limit.
 */
public final class NoisyTenant extends Simulation {
  private static final String NOISY = "u0@";
  private static final String QUIET = "others, undisturbed";
  private static final String BESIDE = "others, beside the noisy one";

  private static final int FLOOD_PACE_MILLIS = 200;

  private final int accounts = Settings.number("accounts", 12, 5);
  private final int perAccount = Settings.number("devices", 3, 3);
  private final int seconds = Settings.number("seconds", 60, 8);
  private final int pace = Settings.number("pace", 400, 400);
  private final int flood = Settings.number("flood", 260, 240);
  private final int p99 = Settings.number("p99", 500, 3000);
  private final Site site =
      Site.start(new Plan(accounts, perAccount).slow(Settings.number("slow", 200, 200)));
  private final LongAdder refused = new LongAdder();
  private volatile boolean noisy;

  {
    int half = seconds / 2;
    List<Map<String, Object>> others =
        site.feed().stream().filter(device -> !isNoisy(device)).toList();
    ScenarioBuilder steady =
        scenario("others")
            .feed(listFeeder(others).queue())
            .during(Duration.ofSeconds(seconds))
            .on(pace(Duration.ofMillis(pace)).exec(ask(""), ask("?via=xmpp")));
    ScenarioBuilder tenant =
        scenario("noisy one")
            .feed(listFeeder(site.feed().stream().filter(this::isNoisy).toList()).circular())
            .exec(
                session -> {
                  noisy = true;
                  return session;
                })
            .during(Duration.ofSeconds(seconds - half))
            .on(pace(Duration.ofMillis(FLOOD_PACE_MILLIS)).exec(flood(), count()));
    ScenarioBuilder verdict =
        scenario("verdict")
            .exec(
                OicDsl.oic("the noisy one is refused")
                    .verify(
                        user ->
                            refused.sum() > 0
                                ? Optional.empty()
                                : Optional.of("it was never answered 429")));
    setUp(
            steady.injectOpen(rampUsers(others.size()).during(Duration.ofSeconds(1))),
            tenant
                .injectOpen(
                    nothingFor(Duration.ofSeconds(half)),
                    rampUsers(flood).during(Duration.ofSeconds(1)))
                .andThen(verdict.injectOpen(rampUsers(1).during(Duration.ofSeconds(1)))))
        .protocols(http.baseUrl(site.url()).authorizationHeader(site.authorization()))
        .assertions(
            global().failedRequests().count().is(0L),
            details(QUIET).allRequests().count().gt((long) others.size()),
            details(BESIDE).allRequests().count().gt((long) others.size()),
            details(BESIDE).responseTime().percentile(99.0).lt(p99));
  }

  private boolean isNoisy(Map<String, Object> device) {
    return String.valueOf(device.get("account")).startsWith(NOISY);
  }

  private ChainBuilder ask(String query) {
    return exec(session -> session.set("phase", noisy ? BESIDE : QUIET))
        .exec(
            http("#{phase}")
                .get("/api/v1/devices/#{di}/resources/dimming" + query)
                .check(status().is(200), jsonPath("$.dimmingSetting").ofInt().lte(100)));
  }

  /** Who waits for its slow devices is answered 200, or 503 or 504 at the deadline. */
  private static ChainBuilder flood() {
    return exec(
        http("noisy one")
            .get("/api/v1/devices/#{di}/resources/dimming?via=xmpp")
            .header("Prefer", "wait=2")
            .check(status().in(200, 429, 503, 504).saveAs("status")));
  }

  private ChainBuilder count() {
    return exec(
        (Session session) -> {
          if (session.getInt("status") == 429) {
            refused.increment();
          }
          return session;
        });
  }

  @Override
  public void after() {
    site.close();
  }
}
