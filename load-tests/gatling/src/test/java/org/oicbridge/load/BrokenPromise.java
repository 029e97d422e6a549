package org.oicbridge.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static org.oicbridge.gatling.OicDsl.oic;

import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.Optional;

/** Fails, so that a test can see that a failure is told. */
public final class BrokenPromise extends Simulation {
  {
    setUp(
            scenario("promises")
                .exec(oic("kept").verify(user -> Optional.empty()))
                .pause(Duration.ofMillis(50))
                .exec(oic("broken").verify(user -> Optional.of("the promise was broken")))
                .injectOpen(atOnceUsers(1)))
        .assertions(global().failedRequests().count().is(0L));
  }
}
