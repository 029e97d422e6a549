package org.oicbridge.gatling;

import io.gatling.core.structure.ScenarioContext;
import io.gatling.javaapi.core.ActionBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import java.util.List;
import java.util.function.Function;
import org.oicbridge.gatling.OicAction.Work;

/** Turns what the DSL says into what Gatling builds a scenario of. */
final class Steps {
  private Steps() {}

  /** A step of what the protocol can do. */
  static ActionBuilder action(
      String name, Function<OicClients, Work> work, List<CheckBuilder> checks) {
    return build(
        name,
        context ->
            work.apply(
                context.protocolComponentsRegistry().components(OicComponents.KEY).clients()),
        checks);
  }

  /** A step that needs nothing of the protocol. */
  static ActionBuilder alone(String name, Work work) {
    return build(name, context -> work, List.of());
  }

  private static ActionBuilder build(
      String name, Function<ScenarioContext, Work> work, List<CheckBuilder> checks) {
    io.gatling.core.action.builder.ActionBuilder builder =
        (context, next) ->
            new OicAction(
                name, work.apply(context), OicChecks.of(checks), context.coreComponents(), next);
    return () -> builder;
  }
}
