package org.oicbridge.gatling;

import io.gatling.core.CoreComponents;
import io.gatling.core.config.GatlingConfiguration;
import io.gatling.core.protocol.Protocol;
import io.gatling.core.protocol.ProtocolComponents;
import io.gatling.core.protocol.ProtocolKey;
import io.gatling.core.session.Session;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.oicbridge.crudn.Jid;
import scala.Function1;
import scala.runtime.BoxedUnit;

/** What Gatling keeps for a scenario that uses the protocol. */
record OicComponents(OicClients clients) implements ProtocolComponents {
  static final ProtocolKey<OicProtocol, OicComponents> KEY = new Key();

  private static final class Key implements ProtocolKey<OicProtocol, OicComponents> {
    // Gatling finds a protocol by its class, and its signature asks for less.
    @SuppressWarnings("unchecked")
    @Override
    public Class<Protocol> protocolClass() {
      return (Class<Protocol>) (Class<?>) OicProtocol.class;
    }

    @Override
    public OicProtocol defaultProtocolValue(GatlingConfiguration configuration) {
      return (OicProtocol) OicProtocolBuilder.DEFAULT.protocol();
    }

    /** Scenarios with the same protocol share their clients. */
    @Override
    public Function1<OicProtocol, OicComponents> newComponents(CoreComponents core) {
      Map<OicProtocol, OicComponents> known = new HashMap<>();
      return protocol ->
          known.computeIfAbsent(
              protocol,
              missing -> {
                OicClients clients = OicClients.start(missing);
                core.actorSystem()
                    .registerOnTermination(
                        () -> {
                          clients.close();
                          return BoxedUnit.UNIT;
                        });
                return new OicComponents(clients);
              });
    }
  }

  @Override
  public Function1<Session, Session> onStart() {
    return session -> session;
  }

  /** A user who leaves is logged out. */
  @Override
  public Function1<Session, BoxedUnit> onExit() {
    return session -> {
      user(new io.gatling.javaapi.core.Session(session)).ifPresent(clients::forget);
      return BoxedUnit.UNIT;
    };
  }

  /** The full JID that a virtual user is logged in as. */
  static Optional<Jid> user(io.gatling.javaapi.core.Session session) {
    return session.contains(OicDsl.USER)
        ? Optional.of(Jid.parse(session.getString(OicDsl.USER)))
        : Optional.empty();
  }
}
