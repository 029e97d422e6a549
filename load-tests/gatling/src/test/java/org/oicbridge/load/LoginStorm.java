package org.oicbridge.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.listFeeder;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Simulation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.oicbridge.gatling.OicDsl;

/**
 * Accounts that are provisioned all at once, each with its devices, over HTTP: how long it takes
 * until all are online, and whether logins ever come faster than {@code xmpp.loginsPerSecond}
 * permits, as the XMPP server sees it.
 */
public final class LoginStorm extends Simulation {
  /** How much longer than logins at the permitted rate it may take. */
  private static final double SLACK = 1.3;

  private static final String DEVICES = "/api/v1/devices";

  private final int accounts = Settings.number("accounts", 100, 10);
  private final int perAccount = Settings.number("devices", 9, 4);
  private final int rate = Settings.number("rate", 50, 12);
  private final int startMillis = Settings.number("start", 2000, 4000);
  private final Site site =
      Site.start(new Plan(accounts, perAccount).unhosted().xmpp("loginsPerSecond: " + rate));
  private final LoginRate logins = LoginRate.watch(site.server().streams());

  {
    int sessions = accounts * (perAccount + 1);
    int limit = (int) (SLACK * sessions * 1000 / rate) + startMillis;
    ChainBuilder provisioning =
        exec(
            http("set account")
                .put("/api/v1/accounts/#{account}")
                .header("Content-Type", "application/json")
                .body(StringBody("#{login}"))
                .check(status().is(201)),
            http("register devices")
                .post(DEVICES)
                .header("Content-Type", "application/x-ndjson")
                .body(StringBody("#{lines}"))
                .check(status().is(200), regex("\"status\":201").count().is(perAccount)));
    ChainBuilder waiting =
        exec(session -> session.set("online", 0))
            .asLongAsDuring(
                session -> session.getInt("online") < perAccount, Duration.ofMillis(limit))
            .on(
                exec(http("look")
                        .get(DEVICES + "?account=#{account}&state=online&limit=1000")
                        .check(
                            status().is(200), jsonPath("$.devices[*].di").count().saveAs("online")))
                    .pause(Duration.ofMillis(250)));
    setUp(
            scenario("owners")
                .feed(listFeeder(owners()).queue())
                .group("until all are online")
                .on(provisioning.exec(waiting))
                .exec(
                    OicDsl.oic("all are online")
                        .verify(
                            user ->
                                user.getInt("online") == perAccount
                                    ? Optional.empty()
                                    : Optional.of(user.getInt("online") + " of " + perAccount)))
                .injectOpen(atOnceUsers(accounts))
                .andThen(
                    scenario("server")
                        .exec(
                            OicDsl.oic("logins keep to the rate")
                                .verify(user -> logins.objection(rate, sessions)))
                        .injectOpen(atOnceUsers(1))))
        .protocols(http.baseUrl(site.url()).authorizationHeader(site.authorization()))
        .assertions(
            global().failedRequests().count().is(0L),
            details("all are online").allRequests().count().is((long) accounts),
            details("logins keep to the rate").allRequests().count().is(1L));
  }

  /** What each account's owner sends. */
  private List<Map<String, Object>> owners() {
    String password =
        Base64.getEncoder().encodeToString(Server.PASSWORD.getBytes(StandardCharsets.UTF_8));
    String login =
        "{\"address\":\"127.0.0.1\",\"port\":%d,\"tls\":\"starttls\",\"credential\":\"%s\"}"
            .formatted(site.server().port(), password);
    return site.devices().stream()
        .collect(Collectors.groupingBy(Device::account))
        .entrySet()
        .stream()
        .map(
            owner ->
                Map.<String, Object>of(
                    "account", owner.getKey(), "login", login, "lines", lines(owner.getValue())))
        .toList();
  }

  private static String lines(List<Device> devices) {
    return devices.stream()
        .map(
            device ->
                "{\"di\":\"%s\",\"account\":\"%s\",\"rt\":\"%s\",\"endpoint\":\"%s\"}\n"
                    .formatted(device.di(), device.account(), Light.RT, device.endpoint()))
        .collect(Collectors.joining());
  }

  @Override
  public void after() {
    logins.close();
    site.close();
  }
}
