package org.oicbridge.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.routing.RouterFixture.GATEWAY;
import static org.oicbridge.routing.RouterFixture.GUEST;
import static org.oicbridge.routing.RouterFixture.HOME;
import static org.oicbridge.routing.RouterFixture.LAMP;
import static org.oicbridge.routing.RouterFixture.OK;
import static org.oicbridge.routing.RouterFixture.account;
import static org.oicbridge.routing.RouterFixture.await;
import static org.oicbridge.routing.RouterFixture.home;
import static org.oicbridge.routing.RouterFixture.request;
import static org.oicbridge.routing.RouterFixture.retrieve;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.oicbridge.bus.Caller;
import org.oicbridge.bus.OwnRequest;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Right;
import org.oicbridge.crudn.Status;

/** Requests over XMPP for the gateway itself. */
@Timeout(30)
class OwnRequestsTest {
  private final RouterFixture router = new RouterFixture();

  @AfterEach
  void stop() {
    router.close();
  }

  private CrudnResponse hosted(Jid requester, Operation operation) {
    return router.answer(request(requester, GATEWAY, operation, Via.HOSTED));
  }

  private static CrudnRequest with(CrudnRequest request, Headers headers, Deadline deadline) {
    return new CrudnRequest(
        request.account(),
        request.target(),
        request.operation(),
        request.path(),
        headers,
        request.body(),
        request.requester(),
        request.via(),
        deadline);
  }

  @Test
  void owner_mayReadActAndProvision() {
    router.withOwnDevice().host(home());
    CrudnRequest asked = request(HOME, GATEWAY, Operation.UPDATE, Via.HOSTED);
    assertThat(router.answer(asked)).isEqualTo(OK);
    OwnRequest own = router.askedOfGateway.element();
    assertThat(own.request()).isSameAs(asked);
    assertThat(own.caller())
        .isEqualTo(
            new Caller("xmpp:" + HOME, HOME, Set.of(Right.READ, Right.ACT, Right.PROVISION), true));
    assertThat(own.source()).isNull();
    assertThat(own.multicast()).isFalse();
  }

  @Test
  void guest_mayReadAndNothingElse() {
    router.withOwnDevice().host(home());
    assertThat(hosted(GUEST, Operation.RETRIEVE)).isEqualTo(OK);
    assertThat(router.askedOfGateway.element().caller())
        .isEqualTo(new Caller("xmpp:" + GUEST, HOME, Set.of(Right.READ), false));
    assertThat(hosted(GUEST, Operation.UPDATE).problem().type()).isEqualTo("access-denied");
    assertThat(router.askedOfGateway).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "'operations: [update]', UPDATE, ''",
    "'operations: [retrieve, update]', UPDATE, READ",
  })
  void guest_isNeverMoreThanAReader(String rule, Operation operation, String right) {
    router
        .withOwnDevice()
        .host(account(HOME, "password: x, access: [{jid: \"" + GUEST + "\", " + rule + "}]"));
    assertThat(hosted(GUEST, operation)).isEqualTo(OK);
    assertThat(router.askedOfGateway.element().caller().rights())
        .isEqualTo(right.isEmpty() ? Set.of() : Set.of(Right.valueOf(right)));
  }

  @Test
  void rule_thatNamesDevicesHasToNameTheGatewayToo() {
    String rule = "password: x, access: [{jid: \"" + GUEST + "\", devices: [\"%s\"]}]";
    router.withOwnDevice().host(account(HOME, rule.formatted(LAMP)));
    assertThat(hosted(GUEST, Operation.RETRIEVE).status()).isEqualTo(Status.FORBIDDEN);
    router.host(account(HOME, rule.formatted(GATEWAY)));
    assertThat(hosted(GUEST, Operation.RETRIEVE)).isEqualTo(OK);
  }

  @Test
  void stranger_isRefused() {
    router.withOwnDevice().host(home());
    CrudnResponse answer = hosted(Jid.parse("stranger@example.org"), Operation.RETRIEVE);
    assertThat(answer.problem().type()).isEqualTo("access-denied");
    assertThat(router.askedOfGateway).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2048, OCF", "2112, OCF", "2047, OIC", "latest, OIC", "99999999999, OIC", ", OIC"})
  void form_followsTheVersionThatIsAccepted(String version, OwnRequest.Form form) {
    router.withOwnDevice().host(home());
    Headers headers =
        version == null ? Headers.NONE : Headers.of("OCF-Accept-Content-Format-Version", version);
    router.answer(with(retrieve(GATEWAY, Via.HOSTED), headers, Deadline.in(Duration.ofSeconds(5))));
    assertThat(router.askedOfGateway.element().form()).isEqualTo(form);
  }

  @ParameterizedTest
  @EnumSource(
      value = Via.class,
      names = {"SHORTEST", "XMPP"})
  void gateway_isNoDeviceOfTheHttpApi(Via via) {
    router.withOwnDevice().host(home());
    CrudnResponse answer = router.answer(retrieve(GATEWAY, via));
    assertThat(answer.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(answer.problem().type()).isEqualTo("device-unknown");
    assertThat(router.askedOfGateway).isEmpty();
  }

  @Test
  void gateway_isKnownByTheIdentifierOfTheSameAccountOnly() {
    DeviceId other = new DeviceId("dddddddd-dddd-4ddd-8ddd-dddddddddddd");
    router.withOwnDevice().host(home());
    router.hostElsewhere(account(GUEST, "password: x"), other);
    assertThat(router.answer(retrieve(other, Via.HOSTED)).status()).isEqualTo(Status.NOT_FOUND);
    assertThat(router.askedOfGateway).isEmpty();
  }

  @Test
  void requests_countAmongThoseInFlight() {
    Promise<CrudnResponse> answer = Promise.promise();
    router.ownAnswer = answer.future();
    router.withOwnDevice().host(home());
    Future<CrudnResponse> first = router.route(retrieve(GATEWAY, Via.HOSTED));
    Future<CrudnResponse> second = router.route(retrieve(GATEWAY, Via.HOSTED));
    assertThat(hosted(HOME, Operation.RETRIEVE).problem().type()).isEqualTo("too-many-in-flight");
    answer.complete(OK);
    assertThat(await(first)).isEqualTo(OK);
    assertThat(await(second)).isEqualTo(OK);
    assertThat(hosted(HOME, Operation.RETRIEVE)).isEqualTo(OK);
  }

  @Test
  void deviceThatNeverAnswers_isATimeout() {
    router.ownAnswer = Promise.<CrudnResponse>promise().future();
    router.withOwnDevice().host(home());
    CrudnResponse answer =
        router.answer(
            with(retrieve(GATEWAY, Via.HOSTED), Headers.NONE, Deadline.in(Duration.ofMillis(50))));
    assertThat(answer.problem().type()).isEqualTo("deadline");
  }

  @Test
  void deviceThatIsNotServed_isUnavailable() {
    router.host(home());
    assertThat(hosted(HOME, Operation.RETRIEVE).problem().type()).isEqualTo("stopping");
  }
}
