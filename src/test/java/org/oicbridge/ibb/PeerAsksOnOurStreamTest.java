package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.ibb.Shard.FRIEND;
import static org.oicbridge.ibb.Shard.LAMP;
import static org.oicbridge.ibb.Shard.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;

/** Both roles share a stream: the lamp's session asks a friend, who asks the lamp on it. */
@Timeout(30)
class PeerAsksOnOurStreamTest {
  private final Shard shard = Shard.scripted(Shard.CONFIG);
  private Future<CrudnResponse> ours;
  private Ibb.Data request;

  @BeforeEach
  void ask() {
    ours =
        shard.ask(
            LAMP,
            FRIEND,
            Shard.request(Operation.RETRIEVE, "/theirs", null, Duration.ofSeconds(8)));
    shard.accept(shard.expect(Ibb.Open.class));
    request = shard.expect(Ibb.Data.class);
  }

  @AfterEach
  void close() {
    shard.close();
  }

  private void send(int seq, byte[] block) {
    String base64 = Base64.getEncoder().encodeToString(block);
    shard.data(LAMP, FRIEND, request.sid(), seq, base64, Carrier.MESSAGE);
  }

  @Test
  void admittedPeer_isAnsweredBesideOurOwnRequest() {
    send(0, Shard.retrieve("/ours"));
    CrudnRequest asked = shard.expectAsked();
    assertThat(asked.target()).isEqualTo(LAMP.oic().orElseThrow().id());
    assertThat(asked.requester()).isEqualTo(FRIEND.bare());
    assertThat(shard.expectAnswer().body()).contains("/ours");

    send(1, Shard.response("1", Headers.NONE));
    assertThat(await(ours).body()).isEqualTo("1");
  }

  @Test
  void peerThatIsNotAdmitted_isForbidden() {
    shard.admission = query -> false;
    send(0, Shard.retrieve("/ours"));
    Envelope.Response response = shard.expectAnswer();

    assertThat(response.status()).isEqualTo(Status.FORBIDDEN);
    assertThat(shard.asked).isEmpty();
    send(1, Shard.response("1", Headers.NONE));
    assertThat(await(ours).body()).isEqualTo("1");
  }
}
