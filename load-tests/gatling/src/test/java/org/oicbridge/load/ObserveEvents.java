package org.oicbridge.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
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
import static io.gatling.javaapi.http.HttpDsl.sse;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.SseMessageCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.oicbridge.gatling.OicDsl;

/**
 * Event streams over HTTP. Some virtual users change each device again and again, others follow it;
 * an event fails when it comes too late after the change was asked for, or tells of something that
 * nobody asked for.
 */
public final class ObserveEvents extends Simulation {
  private static final int SETTINGS = 101;
  private static final int EVENT_TIMEOUT_SECONDS = 10;
  private static final String SETTING = "$.data.dimmingSetting";

  private final int accounts = Settings.number("accounts", 10, 4);
  private final int perAccount = Settings.number("devices", 4, 2);
  private final int readers = Settings.number("readers", 5, 3);
  private final int seconds = Settings.number("seconds", 60, 4);
  private final int pace = Settings.number("pace", 1000, 400);
  private final int late = Settings.number("late", 500, 2000);
  private final Site site = Site.start(new Plan(accounts, perAccount));
  private final Changes changes = new Changes();
  private final LongAdder events = new LongAdder();

  {
    int devices = site.devices().size();
    // They outlast the readers, who would wait in vain for a last event.
    Duration changing = Duration.ofSeconds(seconds + 4L);
    ScenarioBuilder changers =
        scenario("changers")
            .feed(listFeeder(site.feed()).queue())
            .exec(session -> session.set("setting", 0))
            .during(changing)
            .on(pace(Duration.ofMillis(pace)).exec(change()));
    ScenarioBuilder followers =
        scenario("followers")
            .feed(listFeeder(site.feed()).circular())
            .exec(
                sse("open")
                    .get("/api/v1/devices/#{di}/resources/dimming")
                    .await(EVENT_TIMEOUT_SECONDS)
                    .on(
                        sse.checkMessage("first value")
                            .matching(jsonPath(SETTING).exists())
                            .check(jsonPath(SETTING).ofInt().lt(SETTINGS))))
            .during(Duration.ofSeconds(seconds))
            .on(exec(sse("listen").setCheck().await(EVENT_TIMEOUT_SECONDS).on(event())))
            .exec(sse("close").close());
    long expected = (long) devices * readers * seconds * 1000 / pace;
    ScenarioBuilder count =
        scenario("count")
            .exec(
                OicDsl.oic("events are not lost")
                    .verify(
                        user ->
                            events.sum() >= expected * 8 / 10
                                ? Optional.empty()
                                : Optional.of(events.sum() + " events of " + expected)));
    setUp(
            changers.injectOpen(rampUsers(devices).during(Duration.ofSeconds(1))),
            followers
                .injectOpen(
                    nothingFor(Duration.ofSeconds(1)),
                    rampUsers(devices * readers).during(Duration.ofSeconds(1)))
                .andThen(count.injectOpen(rampUsers(1).during(Duration.ofSeconds(1)))))
        .protocols(http.baseUrl(site.url()).authorizationHeader(site.authorization()))
        .assertions(
            global().failedRequests().count().is(0L),
            details("change").allRequests().count().gt((long) devices),
            details("event").allRequests().count().gt(expected * 8 / 10));
  }

  private ChainBuilder change() {
    return exec(session -> {
          int next = (session.getInt("setting") + 1) % SETTINGS;
          changes.ask(session.getString("di"), next);
          return session.set("setting", next);
        })
        .exec(
            http("change")
                .post("/api/v1/devices/#{di}/resources/dimming")
                .header("Content-Type", "application/json")
                .body(StringBody("{\"dimmingSetting\":#{setting}}"))
                .check(status().is(200)));
  }

  private SseMessageCheck event() {
    return sse.checkMessage("event")
        .matching(jsonPath(SETTING).exists())
        .check(jsonPath(SETTING).ofInt().validate("in time", this::inTime));
  }

  private Integer inTime(Integer setting, Session follower) {
    events.increment();
    int age = changes.age(follower.getString("di"), setting);
    if (age < 0 || age > late) {
      throw new IllegalStateException(
          age < 0 ? "nobody asked for " + setting : "came after " + age + " ms");
    }
    return setting;
  }

  @Override
  public void after() {
    site.close();
  }
}
