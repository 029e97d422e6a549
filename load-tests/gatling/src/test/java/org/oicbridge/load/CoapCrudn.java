package org.oicbridge.load;

import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static org.oicbridge.gatling.OicDsl.oic;
import static org.oicbridge.gatling.OicDsl.oicXmpp;
import static org.oicbridge.gatling.OicDsl.status;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The gateway as a CoAP server: each virtual user reads and updates a device of the account below
 * {@code /devices/{di}}, as a device or an app of the local network does.
 */
public final class CoapCrudn extends Simulation {
  private static final int SETTINGS = 101;

  private final int devices = Settings.number("devices", 40, 6);
  private final int seconds = Settings.number("seconds", 60, 3);
  private final int pace = Settings.number("pace", 500, 250);
  private final int p99 = Settings.number("p99", 250, 1000);
  private final Site site = Site.start(new Plan(1, devices).servingCoap());

  {
    String device = site.coap() + "/devices/#{di}";
    ScenarioBuilder neighbours =
        scenario("neighbours")
            .feed(listFeeder(site.feed()).queue())
            .exec(oic("read what is not there").get("/none").to(device).check(status().is(404)))
            .during(Duration.ofSeconds(seconds))
            .on(
                pace(Duration.ofMillis(pace))
                    .exec(session -> session.set("setting", next()))
                    .exec(
                        oic("update")
                            .post("/dimming")
                            .to(device)
                            .body("{\"dimmingSetting\":#{setting}}")
                            .check(
                                status().is(200),
                                jsonPath("$.dimmingSetting").ofInt().is(CoapCrudn::set)),
                        oic("read")
                            .get("/dimming")
                            .to(device)
                            .check(
                                status().is(200),
                                jsonPath("$.dimmingSetting").ofInt().is(CoapCrudn::set))));
    int users = site.devices().size();
    long expected = 2L * users * seconds * 1000 / pace;
    setUp(neighbours.injectOpen(rampUsers(users).during(Duration.ofSeconds(1))))
        .protocols(oicXmpp())
        .assertions(
            global().failedRequests().count().is(0L),
            global().allRequests().count().gte(expected * 8 / 10),
            details("read").responseTime().percentile(99.0).lt(p99),
            details("update").responseTime().percentile(99.0).lt(p99));
  }

  private static int next() {
    return ThreadLocalRandom.current().nextInt(SETTINGS);
  }

  private static Integer set(Session session) {
    return session.getInt("setting");
  }

  @Override
  public void after() {
    site.close();
  }
}
