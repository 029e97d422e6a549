package org.oicbridge.gatling;

import io.gatling.javaapi.core.CheckBuilder;
import java.util.Optional;
import org.oicbridge.crudn.Problem;

/**
 * Where a simulation begins:
 *
 * <pre>{@code
 * scenario("peers")
 *     .feed(accounts)
 *     .exec(oic("log in").login("#{jid}", "#{password}"))
 *     .exec(
 *         oic("read")
 *             .get("/dimming")
 *             .to("#{jid}/OIC/1.0/oic.d.light/#{di}")
 *             .check(status().is(200), jsonPath("$.dimmingSetting").ofInt().lte(100)));
 * }</pre>
 *
 * <p>Checks are {@link #status()}, {@link #header}, {@link #problem()} and Gatling's {@code
 * bodyString}, {@code bodyBytes}, {@code bodyLength}, {@code substring}, {@code regex}, {@code
 * jsonPath} and {@code jmesPath}; an answer that none looks at counts as good whatever it says.
 */
public final class OicDsl {
  /** The attribute of a virtual user that has the full JID it is logged in as. */
  public static final String USER = "oic.user";

  private OicDsl() {}

  /** How virtual users log in, for {@code setUp(…).protocols(…)}. */
  public static OicProtocolBuilder oicXmpp() {
    return OicProtocolBuilder.DEFAULT;
  }

  /**
   * A step of a virtual user.
   *
   * @param name what the report calls it
   */
  public static OicStep oic(String name) {
    return new OicStep(name);
  }

  /** The number of the answer's status, 200 to 508. */
  public static CheckBuilder.Find<Integer> status() {
    return OicChecks.find("status", Integer.class, answer -> Optional.of(answer.status().code()));
  }

  /** The first header of a name. */
  public static CheckBuilder.Find<String> header(String name) {
    return OicChecks.find(
        "header(" + name + ")", String.class, answer -> answer.headers().get(name));
  }

  /** The type of the problem, such as {@code device-silent}; missing when the device answered. */
  public static CheckBuilder.Find<String> problem() {
    return OicChecks.find(
        "problem",
        String.class,
        answer -> Optional.ofNullable(answer.problem()).map(Problem::type));
  }
}
