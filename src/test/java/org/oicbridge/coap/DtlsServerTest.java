package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.oicbridge.coap.OwnServer.get;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.bus.Caller;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.config.IdentityConfig;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Secret;
import org.slf4j.LoggerFactory;

/** The gateway's own resources over DTLS. */
@Timeout(60)
class DtlsServerTest {
  private static final byte[] KEY = "correct horse battery".getBytes(StandardCharsets.UTF_8);
  private static final IdentityConfig KITCHEN =
      OwnServer.identity("kitchen", new IdentityConfig.Psk("lamp", new Secret(KEY)));

  @RegisterExtension final OwnServer server = new OwnServer();
  @TempDir Path folder;

  private static CoapServerConfig keys(IdentityConfig... identities) {
    return OwnServer.with(OwnServer.plain(identities), 0, List.of());
  }

  private CoapServerConfig certificates(Pki pki, Path trust, IdentityConfig... identities)
      throws Exception {
    X509Bundle own = pki.issue("gateway", "localhost");
    return new CoapServerConfig(
        "127.0.0.1",
        CoapServerConfig.NONE,
        0,
        List.of(),
        Pki.certificate(folder, "gateway", own),
        Pki.key(folder, "gateway", own),
        trust,
        List.of(identities),
        1,
        List.of(),
        List.of());
  }

  private Response ask(CoapEndpoint client) throws Exception {
    try {
      return OwnServer.send(client, secured("/oic/res"), server.secureAddress());
    } finally {
      client.destroy();
    }
  }

  private static Request secured(String path) {
    Request request = get(path);
    request.setURI("coaps://127.0.0.1" + path);
    return request;
  }

  @Test
  void pskIdentity_isWhoTheConfigurationSays() throws Exception {
    server.start(keys(KITCHEN));

    Response answer = ask(DtlsClients.psk("lamp", KEY));

    assertThat(answer.getCode()).isEqualTo(ResponseCode.CONTENT);
    Caller caller = server.asked.get(0).caller();
    assertThat(caller.identity()).isEqualTo("psk:kitchen");
    assertThat(caller.rights()).containsExactly(Right.READ);
    assertThat(caller.secure()).isTrue();
    assertThat(answer.getSourceContext().get(DtlsEndpointContext.KEY_WRITE_CONNECTION_ID))
        .as("connection id of RFC 9146")
        .isNotNull();
  }

  @Test
  void wrongKeyAndUnknownIdentity_failAlikeAndSilently() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.addAppender(log);
    try {
      server.start(keys(KITCHEN));
      String wrong = failure(DtlsClients.psk("lamp", new byte[] {1, 2, 3, 4}));
      String unknown = failure(DtlsClients.psk("nobody", KEY));

      assertThat(wrong).isEqualTo(unknown);
      assertThat(server.asked).isEmpty();
      assertThat(List.copyOf(log.list))
          .noneMatch(e -> e.getFormattedMessage().contains("correct horse"));
      assertThat(ask(DtlsClients.psk("lamp", KEY)).getCode()).isEqualTo(ResponseCode.CONTENT);
    } finally {
      root.detachAppender(log);
    }
  }

  /** The kind of error that a client is left with. */
  private String failure(CoapEndpoint client) throws Exception {
    try {
      BlockingQueue<Object> answers =
          OwnServer.collect(client, secured("/oic/res"), server.secureAddress());
      Object first = answers.poll(20, TimeUnit.SECONDS);
      assertThat(first).isInstanceOf(Exception.class);
      return first.getClass() + ": " + ((Exception) first).getMessage().replaceAll("[0-9]+", "#");
    } finally {
      client.destroy();
    }
  }

  @Test
  void certificate_isRecognisedByCommonNameAndByDnsName() throws Exception {
    Pki pki = new Pki();
    server.start(
        certificates(
            pki,
            pki.trust(folder),
            OwnServer.identity("one", new IdentityConfig.Certificate("lamp.example.com")),
            OwnServer.identity("two", new IdentityConfig.Certificate("Plug 7"))));

    ask(DtlsClients.certificate(pki.issue("x", "lamp.example.com"), pki.authority()));
    ask(DtlsClients.certificate(pki.issue("Plug 7", null), pki.authority()));
    ask(DtlsClients.certificate(pki.issue("somebody", null), pki.authority()));

    List<String> callers = new ArrayList<>();
    server.asked.forEach(own -> callers.add(own.caller().identity()));
    assertThat(callers).containsExactly("certificate:one", "certificate:two", "");
  }

  @Test
  void certificateOfAnotherAuthority_isNotTrusted() throws Exception {
    Pki pki = new Pki();
    server.start(
        certificates(
            pki,
            pki.trust(folder),
            OwnServer.identity("one", new IdentityConfig.Certificate("lamp.example.com"))));
    X509Bundle foreign = new Pki().issue("x", "lamp.example.com");

    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    CoapEndpoint client = DtlsClients.certificate(foreign, pki.authority());
    try {
      BlockingQueue<Object> answers =
          OwnServer.collect(client, secured("/oic/res"), server.secureAddress());
      assertThat(answers.poll(20, TimeUnit.SECONDS)).isInstanceOf(Exception.class);
      // The client may know before the server has counted.
      OwnServer.until(
          () -> registry.counter("oicgw.coap.server.handshakes", "outcome", "failed").count() == 1);
    } finally {
      client.destroy();
      Metrics.removeRegistry(registry);
    }
    assertThat(server.asked).isEmpty();
  }

  @Test
  void securePortWithNothingToShow_isAClearError() {
    assertThatThrownBy(() -> server.start(keys()))
        .hasMessageContaining("coap.server.securePort needs coap.server.certificate");
  }

  @Test
  void fileThatIsNoCertificate_isNamed() throws Exception {
    Pki pki = new Pki();
    CoapServerConfig config = certificates(pki, null);
    java.nio.file.Files.writeString(config.certificate(), "nothing");

    assertThatThrownBy(() -> server.start(config))
        .hasMessageContaining("coap.server.certificate")
        .hasMessageContaining("gateway.pem");
  }
}
