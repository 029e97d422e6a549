package org.oicbridge.xmpp.sasl;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The SCRAM keys of one account. Deriving them takes milliseconds of computing (RFC 5802 section
 * 5.1), which is done once for a salt and an iteration count, off the event loop, however many
 * sessions ask for them. Used from one event loop only.
 */
public final class ScramKeys {
  /** A server has one salt per account and mechanism; a few more for a password that changes. */
  private static final int MAX_ENTRIES = 8;

  private final Vertx vertx;
  private final char[] password;
  private final Map<Salting, Future<Keys>> cache = new LinkedHashMap<>();

  private record Salting(String mechanism, String salt, int iterations) {}

  static final class Keys {
    final byte[] client;
    final byte[] server;

    Keys(byte[] client, byte[] server) {
      this.client = client;
      this.server = server;
    }
  }

  public ScramKeys(Vertx vertx, String password) {
    this.vertx = vertx;
    this.password = password.toCharArray();
  }

  Future<Keys> derive(ScramMechanism mechanism, String salt, int iterations) {
    Salting salting = new Salting(mechanism.getName(), salt, iterations);
    Future<Keys> known = cache.get(salting);
    if (known != null) {
      return known;
    }
    if (cache.size() == MAX_ENTRIES) {
      cache.remove(cache.keySet().iterator().next());
    }
    Future<Keys> keys =
        vertx.executeBlocking(
            () -> {
              byte[] salted =
                  ScramFunctions.saltedPassword(
                      mechanism,
                      StringPreparation.SASL_PREPARATION,
                      password,
                      Base64.getDecoder().decode(salt),
                      iterations);
              return new Keys(
                  ScramFunctions.clientKey(mechanism, salted),
                  ScramFunctions.serverKey(mechanism, salted));
            },
            false);
    cache.put(salting, keys);
    return keys.onFailure(error -> cache.remove(salting, keys));
  }
}
