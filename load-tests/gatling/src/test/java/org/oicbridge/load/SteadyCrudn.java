package org.oicbridge.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
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
import java.util.concurrent.ThreadLocalRandom;

/**
 * Steady reads and updates over HTTP, straight to the device and through the XMPP server. Each
 * virtual user has a device to itself, so what it reads must be what it has set last, whichever way
 * either went.
 */
public final class SteadyCrudn extends Simulation {
  private static final int SETTINGS = 101;
  private static final int REQUESTS = 4;

  private final int accounts = Settings.number("accounts", 10, 4);
  private final int perAccount = Settings.number("devices", 4, 2);
  private final int seconds = Settings.number("seconds", 60, 4);
  private final int pace = Settings.number("pace", 500, 400);
  private final int p99 = Settings.number("p99", 250, 1000);
  private final Site site = Site.start(new Plan(accounts, perAccount));

  {
    int users = site.devices().size();
    ScenarioBuilder callers =
        scenario("callers")
            .feed(listFeeder(site.feed()).queue())
            .during(Duration.ofSeconds(seconds))
            .on(
                pace(Duration.ofMillis(pace))
                    .exec(
                        update("update, direct", ""),
                        read("read, through XMPP", "?via=xmpp"),
                        update("update, through XMPP", "?via=xmpp"),
                        read("read, direct", "")));
    long expected = (long) REQUESTS * users * seconds * 1000 / pace;
    setUp(callers.injectOpen(rampUsers(users).during(Duration.ofSeconds(1))))
        .protocols(http.baseUrl(site.url()).authorizationHeader(site.authorization()))
        .assertions(
            global().failedRequests().count().is(0L),
            global().allRequests().count().gte(expected * 8 / 10),
            details("read, direct").responseTime().percentile(99.0).lt(p99),
            details("update, direct").responseTime().percentile(99.0).lt(p99),
            details("read, through XMPP").responseTime().percentile(99.0).lt(p99),
            details("update, through XMPP").responseTime().percentile(99.0).lt(p99));
  }

  private static ChainBuilder update(String name, String query) {
    return exec(session -> session.set("setting", ThreadLocalRandom.current().nextInt(SETTINGS)))
        .exec(
            http(name)
                .post("/api/v1/devices/#{di}/resources/dimming" + query)
                .header("Content-Type", "application/json")
                .body(StringBody("{\"dimmingSetting\":#{setting}}"))
                .check(
                    status().is(200), jsonPath("$.dimmingSetting").ofInt().is(SteadyCrudn::set)));
  }

  private static ChainBuilder read(String name, String query) {
    return exec(
        http(name)
            .get("/api/v1/devices/#{di}/resources/dimming" + query)
            .check(status().is(200), jsonPath("$.dimmingSetting").ofInt().is(SteadyCrudn::set)));
  }

  private static Integer set(Session session) {
    return session.getInt("setting");
  }

  @Override
  public void after() {
    site.close();
  }
}
