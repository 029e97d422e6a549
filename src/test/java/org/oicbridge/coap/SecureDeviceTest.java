package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.coap.CoapGateway.LIGHT_JSON;
import static org.oicbridge.coap.CoapGateway.assertProblem;
import static org.oicbridge.coap.CoapGateway.await;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.SingleNodeConnectionIdGenerator;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedMultiPskStore;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.oicbridge.bus.HostedDevice;
import org.oicbridge.bus.PreSharedKey;
import org.oicbridge.config.CoapConfig;
import org.oicbridge.config.CoapServerConfig;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Secret;
import org.oicbridge.crudn.Status;

/** Devices behind DTLS. */
@Timeout(60)
class SecureDeviceTest {
  private static final String DI = "dc70373c-1e8d-4fb3-962e-017eaa863989";

  @RegisterExtension final CoapGateway gateway = new CoapGateway();
  @TempDir Path folder;

  private static TestDevice device(UnaryOperator<DtlsConnectorConfig.Builder> how)
      throws Exception {
    return device(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), how);
  }

  private static TestDevice device(
      InetSocketAddress address, UnaryOperator<DtlsConnectorConfig.Builder> how) throws Exception {
    Configuration configuration =
        Configuration.createStandardWithoutFile()
            .set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY)
            .set(DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, CertificateAuthenticationMode.WANTED);
    return new TestDevice(
        TestDevice.ocfBehaviour(CoapGateway::light),
        new DTLSConnector(
            how.apply(
                    DtlsConnectorConfig.builder(configuration)
                        .setAddress(address)
                        .setConnectionIdGenerator(new SingleNodeConnectionIdGenerator(5)))
                .build()));
  }

  /** A device that knows some keys. */
  private static TestDevice keys(Map<String, String> keys) throws Exception {
    AdvancedMultiPskStore store = new AdvancedMultiPskStore();
    keys.forEach((identity, key) -> store.setKey(identity, bytes(key)));
    return device(builder -> builder.setAdvancedPskStore(store));
  }

  private static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  private static HostedDevice hosted(TestDevice device, String identity, String key) {
    return new HostedDevice(
        new DeviceId(DI),
        "oic.d.light",
        "Lamp",
        URI.create("coaps://127.0.0.1:" + device.port()),
        identity == null ? null : new PreSharedKey(identity, new Secret(bytes(key))),
        0);
  }

  /** Who the gateway was in the session of the last request. */
  private static String identity(TestDevice device) {
    return device.lastRequest().getSourceContext().getPeerIdentity().getName();
  }

  private Future<CrudnResponse> soon(HostedDevice device) {
    return gateway.send(device, Operation.RETRIEVE, "/a", null, Duration.ofMillis(1500));
  }

  private void quick(CoapServerConfig server) throws Exception {
    gateway.deploy(
        new CoapConfig(
            "127.0.0.1", 2, 2, Duration.ofMillis(200), 4, 1024, CoapGateway.MAX_BODY, server));
  }

  @Test
  void deviceWithAKey_isAskedOverDtls() throws Exception {
    try (TestDevice device = keys(Map.of("gw", "secret"))) {
      CrudnResponse answer = gateway.get(hosted(device, "gw", "secret"), "/a/light");

      assertThat(answer.status()).isEqualTo(Status.OK);
      assertThat(answer.body()).isEqualTo(LIGHT_JSON);
      assertThat(identity(device)).isEqualTo("gw");
      gateway.get(hosted(device, "gw", "secret"), "/a/light");
      assertThat(device.requests)
          .extracting(r -> r.getSourceContext().getString(sessionId()))
          .as("one session for all")
          .containsOnly(device.lastRequest().getSourceContext().getString(sessionId()));
    }
  }

  private static org.eclipse.californium.elements.Definition<?> sessionId() {
    return org.eclipse.californium.elements.DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP;
  }

  @Test
  void wrongKey_isToldAndOthersGoOn() throws Exception {
    quick(null);
    try (TestDevice device = keys(Map.of("gw", "secret"));
        TestDevice other = keys(Map.of("gw", "another"))) {
      Future<CrudnResponse> refused = soon(hosted(device, "gw", "wrong"));
      CrudnResponse answer = gateway.get(hosted(other, "gw", "another"), "/a");

      assertThat(answer.status()).isEqualTo(Status.OK);
      assertProblem(await(refused), Status.UNAVAILABLE, "handshake-failed");
      assertThat(device.requests).isEmpty();

      // The handshake with the wrong key may still be waiting.
      CrudnResponse mended;
      do {
        mended = gateway.get(hosted(device, "gw", "secret"), "/a");
      } while (mended.status() != Status.OK);
      assertThat(mended.body()).isEqualTo(LIGHT_JSON);
    }
  }

  @Test
  void anotherKey_meansAnotherSession() throws Exception {
    try (TestDevice device = keys(Map.of("gw", "old", "gw2", "new"))) {
      gateway.get(hosted(device, "gw", "old"), "/a");
      assertThat(identity(device)).isEqualTo("gw");

      gateway.get(hosted(device, "gw2", "new"), "/a");
      assertThat(identity(device)).isEqualTo("gw2");
      gateway.get(hosted(device, "gw", "old"), "/a");
      assertThat(identity(device)).isEqualTo("gw");
    }
  }

  @Test
  void sessionOfAnotherKey_isNotUsedThoughItIsOpen() throws Exception {
    quick(null);
    try (TestDevice device = keys(Map.of("gw", "right"))) {
      gateway.get(hosted(device, "gw", "right"), "/a");
      int before = device.requests.size();

      assertProblem(
          await(soon(hosted(device, "gw", "wrong"))), Status.UNAVAILABLE, "handshake-failed");
      assertThat(device.requests).hasSize(before);
    }
  }

  @Test
  void deviceThatLostItsSession_isShakenHandsWithAgain() throws Exception {
    quick(null);
    int port;
    HostedDevice hosted;
    try (TestDevice device = keys(Map.of("gw", "secret"))) {
      hosted = hosted(device, "gw", "secret");
      port = device.port();
      gateway.get(hosted, "/a");
    }
    AdvancedMultiPskStore store = new AdvancedMultiPskStore();
    store.setKey("gw", bytes("secret"));
    try (TestDevice again =
        device(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            builder -> builder.setAdvancedPskStore(store))) {
      await(soon(hosted));

      assertThat(gateway.get(hosted, "/a").status()).isEqualTo(Status.OK);
      assertThat(again.requests).isNotEmpty();
    }
  }

  private CoapServerConfig trusting(Pki pki) throws Exception {
    X509Bundle own = pki.issue("gateway", null);
    return new CoapServerConfig(
        "127.0.0.1",
        -1,
        -1,
        List.of(),
        Pki.certificate(folder, "gateway", own),
        Pki.key(folder, "gateway", own),
        pki.trust(folder),
        List.of(),
        1,
        List.of(),
        List.of());
  }

  private static TestDevice certified(X509Bundle own, Pki pki) throws Exception {
    return device(
        builder ->
            builder
                .setCertificateIdentityProvider(
                    new SingleCertificateProvider(
                        own.getKeyPair().getPrivate(),
                        own.getCertificatePath(),
                        CertificateType.X_509))
                .setAdvancedCertificateVerifier(
                    StaticNewAdvancedCertificateVerifier.builder()
                        .setTrustedCertificates(pki.authority().getCertificate())
                        .build()));
  }

  @Test
  void deviceWithACertificate_isRecognisedByItsIdentifier() throws Exception {
    Pki pki = new Pki();
    quick(trusting(pki));
    try (TestDevice device = certified(pki.issue("uuid:" + DI, null), pki)) {
      assertThat(gateway.get(hosted(device, null, null), "/a").status()).isEqualTo(Status.OK);
      assertThat(identity(device)).contains("gateway");
    }
  }

  @Test
  void certificateOfAnotherDevice_isNotEnough() throws Exception {
    Pki pki = new Pki();
    quick(trusting(pki));
    try (TestDevice device = certified(pki.issue("uuid:another", null), pki)) {
      assertProblem(
          await(soon(hosted(device, null, null))), Status.UNAVAILABLE, "handshake-failed");
      assertThat(device.requests).isEmpty();
    }
  }

  @Test
  void certificateOfAnotherAuthority_isNotTrusted() throws Exception {
    Pki pki = new Pki();
    quick(trusting(pki));
    try (TestDevice device = certified(new Pki().issue("uuid:" + DI, null), pki)) {
      assertProblem(
          await(soon(hosted(device, null, null))), Status.UNAVAILABLE, "handshake-failed");
      assertThat(device.requests).isEmpty();
    }
  }

  @Test
  void withoutAuthorities_noCertificateCanBeTrusted() throws Exception {
    try (TestDevice device = keys(Map.of("gw", "secret"))) {
      assertProblem(
          await(soon(hosted(device, null, null))), Status.UNAVAILABLE, "handshake-failed");
    }
  }

  @Test
  void longAnswers_travelInBlocks() throws Exception {
    byte[] text = CborWriterTestData.cbor("\"" + "x".repeat(5000) + "\"");
    try (TestDevice device = keys(Map.of("gw", "secret"))) {
      device.becomes(
          TestDevice.ocfBehaviour(
              (Request request) -> TestDevice.content(ContentFormat.OCF_CBOR, text)));

      assertThat(gateway.get(hosted(device, "gw", "secret"), "/a").body()).hasSize(5002);
    }
  }
}
