package org.oicbridge.ibb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.oicbridge.bus.Admission;
import org.oicbridge.bus.AdmissionQuery;
import org.oicbridge.bus.Contracts;
import org.oicbridge.bus.Done;
import org.oicbridge.bus.ForgetObservation;
import org.oicbridge.bus.Ibb;
import org.oicbridge.bus.Ibb.Carrier;
import org.oicbridge.bus.LinkEvent;
import org.oicbridge.bus.Notification;
import org.oicbridge.bus.ObserveRemote;
import org.oicbridge.bus.PeerPresence;
import org.oicbridge.bus.RemoteRequest;
import org.oicbridge.bus.SessionEvent;
import org.oicbridge.bus.SessionRole;
import org.oicbridge.bus.Subscribe;
import org.oicbridge.config.IbbConfig;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Deadline;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;
import org.oicbridge.envelope.Envelope;
import org.oicbridge.envelope.EnvelopeException;
import org.oicbridge.envelope.EnvelopeReader;
import org.oicbridge.envelope.EnvelopeWriter;

/** A shard with a bytestream verticle in which the test plays the XMPP side and the router. */
final class Shard implements AutoCloseable {
  static final Jid LAMP =
      Jid.parse("me@home.example/OIC/1.0/oic.d.light/dc70373c-1e8d-4fb3-962e-017eaa863989");
  static final Jid CLIENT =
      Jid.parse("me@home.example/OIC/1.0/oic.d.cloudproxy/0f17d9b2-0000-4000-8000-000000000001");
  static final Jid FRIEND = Jid.parse("friend@away.example/phone");
  static final IbbConfig CONFIG = config(4, 64);

  private static final int SHARD = 0;
  private static final int PATIENCE_SECONDS = 10;

  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<Ibb> sent = new LinkedBlockingQueue<>();
  private final String verticle;

  final BlockingQueue<CrudnRequest> asked = new LinkedBlockingQueue<>();
  final BlockingQueue<Subscribe> subscribed = new LinkedBlockingQueue<>();
  final BlockingQueue<String> unsubscribed = new LinkedBlockingQueue<>();
  final BlockingQueue<Notification> observed = new LinkedBlockingQueue<>();
  volatile Function<AdmissionQuery, Boolean> admission = query -> true;
  volatile Future<Void> admissionGate = Future.succeededFuture();
  volatile Function<CrudnRequest, Future<CrudnResponse>> device =
      request -> Future.succeededFuture(ok("{\"at\":\"" + request.path().path() + "\"}"));

  private Shard(IbbConfig config, Duration deadline, UnaryOperator<Ibb> link) {
    Contracts.register(vertx);
    EventBus bus = vertx.eventBus();
    Contracts.ADMISSION.serve(
        bus, SHARD, query -> admissionGate.map(open -> new Admission(admission.apply(query))));
    Contracts.CRUDN.serve(
        bus,
        SHARD,
        request -> {
          asked.add(request);
          return device.apply(request);
        });
    Contracts.SUBSCRIBE.serve(
        bus,
        SHARD,
        wish -> {
          subscribed.add(wish);
          return device.apply(wish.retrieve());
        });
    Contracts.UNSUBSCRIBE.serve(
        bus,
        SHARD,
        end -> {
          unsubscribed.add(end.subscription());
          return Future.succeededFuture(new Done());
        });
    Contracts.OBSERVED.listen(bus, SHARD, observed::add);
    Contracts.IBB_OUT.listen(
        bus,
        SHARD,
        stanza -> {
          sent.add(stanza);
          Ibb passed = link.apply(stanza);
          if (passed != null) {
            arrive(mirrored(passed));
          }
        });
    verticle = await(vertx.deployVerticle(new BytestreamVerticle(SHARD, config, deadline)));
    state(CLIENT, SessionEvent.State.ONLINE);
    state(LAMP, SessionEvent.State.ONLINE);
  }

  Vertx vertx() {
    return vertx;
  }

  static IbbConfig config(int streamsPerPeer, int requestsPerStream) {
    return new IbbConfig(
        32_768,
        65_535,
        streamsPerPeer,
        3,
        64,
        requestsPerStream,
        Duration.ofSeconds(60),
        1 << 20,
        Duration.ofSeconds(30));
  }

  /** The same limits with other times. */
  static IbbConfig times(IbbConfig config, Duration idle, Duration message) {
    return new IbbConfig(
        config.blockSize(),
        config.maxBlockSize(),
        config.streamsPerPeer(),
        config.maxStreamsPerPeer(),
        config.observationsPerPeer(),
        config.requestsPerStream(),
        idle,
        config.messageLimit(),
        message);
  }

  /** The test writes and reads every stanza itself. */
  static Shard scripted(IbbConfig config) {
    return new Shard(config, Duration.ofSeconds(10), stanza -> null);
  }

  static Shard scripted(IbbConfig config, Duration deadline) {
    return new Shard(config, deadline, stanza -> null);
  }

  /** What one session sends to another arrives there; the link may change or drop (null) it. */
  static Shard looped(IbbConfig config, UnaryOperator<Ibb> link) {
    return new Shard(config, Duration.ofSeconds(10), link);
  }

  private static Ibb mirrored(Ibb stanza) {
    Jid to = stanza.peer();
    Jid from = stanza.session();
    if (stanza instanceof Ibb.Open s) {
      return new Ibb.Open(to, from, s.id(), s.sid(), s.blockSize(), s.carrier());
    } else if (stanza instanceof Ibb.Data s) {
      return new Ibb.Data(to, from, s.id(), s.sid(), s.seq(), s.base64(), s.carrier());
    } else if (stanza instanceof Ibb.Close s) {
      return new Ibb.Close(to, from, s.id(), s.sid());
    } else if (stanza instanceof Ibb.Accepted s) {
      return new Ibb.Accepted(to, from, s.id());
    }
    Ibb.Refused s = (Ibb.Refused) stanza;
    return new Ibb.Refused(to, from, s.id(), s.sid(), s.condition(), s.carrier());
  }

  // What arrives.

  void arrive(Ibb stanza) {
    Contracts.IBB_IN.publish(vertx.eventBus(), SHARD, stanza);
  }

  void state(Jid session, SessionEvent.State state) {
    Contracts.SESSION.publish(
        vertx.eventBus(), SHARD, new SessionEvent(session, SessionRole.GATEWAY, state, ""));
  }

  void link(Jid session, LinkEvent.State state) {
    Contracts.LINK.publish(vertx.eventBus(), SHARD, new LinkEvent(session, state));
  }

  void presence(Jid session, Jid peer, boolean available, boolean echoesTokens) {
    Contracts.PRESENCE.publish(
        vertx.eventBus(), SHARD, new PeerPresence(session, peer, available, echoesTokens));
  }

  void accept(Ibb stanza) {
    arrive(new Ibb.Accepted(stanza.session(), stanza.peer(), stanza.id()));
  }

  void refuse(Ibb stanza, Ibb.Condition condition) {
    arrive(
        new Ibb.Refused(stanza.session(), stanza.peer(), stanza.id(), null, condition, Carrier.IQ));
  }

  /** A peer opens a stream to the lamp and is let in. */
  void open(Jid peer, String sid, Carrier carrier) {
    arrive(new Ibb.Open(LAMP, peer, "open-" + sid, sid, 4096, carrier));
    assertThat(expect(Ibb.Accepted.class).id()).isEqualTo("open-" + sid);
  }

  void data(Jid peer, String sid, int seq, byte[] block) {
    data(LAMP, peer, sid, seq, Base64.getEncoder().encodeToString(block), Carrier.MESSAGE);
  }

  void data(Jid session, Jid peer, String sid, int seq, String base64, Carrier carrier) {
    arrive(new Ibb.Data(session, peer, "data-" + sid + "-" + seq, sid, seq, base64, carrier));
  }

  // What is sent.

  /** The next stanza, which is of this kind. */
  <T extends Ibb> T expect(Class<T> kind) {
    Ibb stanza = poll(sent);
    assertThat(stanza).isInstanceOf(kind);
    return kind.cast(stanza);
  }

  /** The next stanza refuses with this condition. */
  Ibb.Refused expectRefused(Ibb.Condition condition) {
    Ibb.Refused refused = expect(Ibb.Refused.class);
    assertThat(refused.condition()).isEqualTo(condition);
    return refused;
  }

  /** The next stanza of this kind, whatever comes before it. */
  <T extends Ibb> T skipTo(Class<T> kind) {
    while (true) {
      Ibb stanza = poll(sent);
      if (kind.isInstance(stanza)) {
        return kind.cast(stanza);
      }
    }
  }

  /** The answer that the next stanza holds as a whole. */
  Envelope.Response expectAnswer() {
    return (Envelope.Response) read(List.of(expect(Ibb.Data.class)));
  }

  /** All stanzas so far: those that an event which was published just now caused are in it. */
  List<Ibb> drain() {
    // A stream that is not there draws an answer, behind everything that was sent before.
    data(LAMP, FRIEND, "barrier", 0, "", Carrier.IQ);
    List<Ibb> all = new ArrayList<>();
    while (true) {
      Ibb stanza = poll(sent);
      if (stanza instanceof Ibb.Refused refused && refused.id().equals("data-barrier-0")) {
        return all;
      }
      all.add(stanza);
    }
  }

  CrudnRequest expectAsked() {
    return poll(asked);
  }

  /** The router tells a subscriber something. */
  void notify(Subscribe wish, CrudnResponse response, Notification.Kind kind) {
    Contracts.NOTIFICATION.send(
        vertx.eventBus(),
        wish.subscription(),
        new Notification(wish.subscription(), response, kind));
  }

  /** The router has an observation made. */
  Future<CrudnResponse> observe(String name, Duration wait) {
    RemoteRequest ask =
        new RemoteRequest(CLIENT, LAMP, request(Operation.RETRIEVE, "/a/light", null, wait));
    return Contracts.OBSERVE_REMOTE.request(
        vertx.eventBus(),
        SHARD,
        new ObserveRemote(ask, name),
        Deadline.in(Duration.ofSeconds(PATIENCE_SECONDS)));
  }

  void forget(String name) {
    await(
        Contracts.FORGET_REMOTE.request(
            vertx.eventBus(),
            SHARD,
            new ForgetObservation(name),
            Deadline.in(Duration.ofSeconds(PATIENCE_SECONDS))));
  }

  static <T> T poll(BlockingQueue<T> queue) {
    try {
      T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("nothing came").isNotNull();
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // Requests.

  Future<CrudnResponse> ask(Jid session, Jid peer, CrudnRequest request) {
    return Contracts.REMOTE.request(
        vertx.eventBus(),
        SHARD,
        new RemoteRequest(session, peer, request),
        Deadline.in(Duration.ofSeconds(PATIENCE_SECONDS)));
  }

  Future<CrudnResponse> get(String path) {
    return ask(CLIENT, LAMP, request(Operation.RETRIEVE, path, null, Duration.ofSeconds(8)));
  }

  static CrudnRequest request(Operation operation, String path, String body, Duration wait) {
    return new CrudnRequest(
        CLIENT.bare(),
        new DeviceId("DC70373C-1e8d-4fb3-962e-017eaa863989"),
        operation,
        ResourcePath.parse(path),
        Headers.NONE,
        body,
        CLIENT.bare(),
        CrudnRequest.Via.XMPP,
        Deadline.in(wait));
  }

  static CrudnResponse ok(String body) {
    return CrudnResponse.answered(Status.OK, Headers.NONE, body);
  }

  static byte[] retrieve(String path) {
    return retrieve(path, Headers.NONE);
  }

  static byte[] retrieve(String path, Headers headers) {
    return EnvelopeWriter.write(
        new Envelope.Request(Operation.RETRIEVE, "", ResourcePath.parse(path), headers, null));
  }

  static byte[] update(String path, String body, Headers headers) {
    return EnvelopeWriter.write(
        new Envelope.Request(Operation.UPDATE, "", ResourcePath.parse(path), headers, body));
  }

  static byte[] response(String body, Headers headers) {
    return EnvelopeWriter.write(new Envelope.Response(Status.OK, headers, body));
  }

  static byte[] join(byte[]... parts) {
    StringBuilder all = new StringBuilder();
    for (byte[] part : parts) {
      all.append(new String(part, StandardCharsets.ISO_8859_1));
    }
    return all.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The one message that these stanzas hold. */
  static Envelope read(List<Ibb.Data> stanzas) {
    EnvelopeReader reader = new EnvelopeReader(16 << 20);
    List<Envelope> all = new ArrayList<>();
    try {
      for (Ibb.Data stanza : stanzas) {
        all.addAll(reader.feed(Base64.getDecoder().decode(stanza.base64())));
      }
    } catch (EnvelopeException e) {
      throw new AssertionError(e);
    }
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Undeploys the verticle and nothing else. */
  void stop() {
    await(vertx.undeploy(verticle));
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
