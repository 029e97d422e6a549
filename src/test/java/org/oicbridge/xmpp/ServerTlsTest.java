package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServerTlsTest {
  /** A connection may break at any point of a handshake; each point has an exception of its own. */
  static Stream<Throwable> broken() {
    return Stream.of(
        new IOException("Connection reset by peer"),
        new ClosedChannelException(),
        new SSLException("Connection closed while SSL/TLS handshake was in progress"),
        new VertxException("Connection was closed", true));
  }

  static Stream<Throwable> refused() {
    return Stream.of(
        new SSLHandshakeException("Received fatal alert: handshake_failure"),
        new DecoderException(new SSLException("not an SSL/TLS record")),
        new SSLHandshakeException("x").initCause(new CertificateException("expired")));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void connection_thatBreaksIsTriedSoon(Throwable error) {
    assertThat(ServerTls.failure(error).kind()).isEqualTo(StreamEnd.Kind.RETRY);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void server_thatCannotBeTrustedIsTriedLate(Throwable error) {
    assertThat(ServerTls.failure(error).kind()).isEqualTo(StreamEnd.Kind.RETRY_LATE);
  }
}
