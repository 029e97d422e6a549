package org.oicbridge.load;

import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static org.oicbridge.gatling.OicDsl.header;
import static org.oicbridge.gatling.OicDsl.oic;
import static org.oicbridge.gatling.OicDsl.oicXmpp;
import static org.oicbridge.gatling.OicDsl.status;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The gateway from the XMPP side: each virtual user logs in to the account of a device and reads
 * and updates it over in-band bytestreams, as an OIC client elsewhere does.
 */
public final class Bytestreams extends Simulation {
  private static final int SETTINGS = 101;

  private final int accounts = Settings.number("accounts", 10, 4);
  private final int perAccount = Settings.number("devices", 4, 2);
  private final int seconds = Settings.number("seconds", 60, 4);
  private final int pace = Settings.number("pace", 250, 250);
  private final int p99 = Settings.number("p99", 500, 1000);
  private final Site site = Site.start(new Plan(accounts, perAccount));

  {
    int users = site.devices().size();
    ScenarioBuilder peers =
        scenario("peers")
            .feed(listFeeder(site.feed()).queue())
            .exec(oic("log in").login("#{account}", "#{password}"))
            .exitHereIfFailed()
            .exec(oic("read what is not there").get("/none").to("#{jid}").check(status().is(404)))
            .during(Duration.ofSeconds(seconds))
            .on(
                pace(Duration.ofMillis(pace))
                    .exec(session -> session.set("setting", next()))
                    .exec(
                        oic("update")
                            .post("/dimming")
                            .to("#{jid}")
                            .body("{\"dimmingSetting\":#{setting}}")
                            .check(
                                status().is(200),
                                jsonPath("$.dimmingSetting").ofInt().is(Bytestreams::set)),
                        oic("read")
                            .get("/dimming")
                            .to("#{jid}")
                            .check(
                                status().is(200),
                                header("Content-Type").is("application/json"),
                                jsonPath("$.dimmingSetting").ofInt().is(Bytestreams::set))))
            .exec(oic("log out").logout());
    long expected = 2L * users * seconds * 1000 / pace;
    setUp(peers.injectOpen(rampUsers(users).during(Duration.ofSeconds(1))))
        .protocols(site.xmpp(oicXmpp()))
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
