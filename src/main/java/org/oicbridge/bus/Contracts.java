package org.oicbridge.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import org.oicbridge.crudn.CrudnRequest;
import org.oicbridge.crudn.CrudnResponse;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.Status;

/** Every address of the event bus. This file is the interface between the verticles. */
public final class Contracts {
  // Answered by the router.

  /** A CRUDN request from any edge. */
  public static final BusContract<CrudnRequest, CrudnResponse> CRUDN =
      new BusContract<>("router.crudn", CrudnRequest.class, CrudnResponse.class);

  /** May this peer open a bytestream to this session at all? */
  public static final BusContract<AdmissionQuery, Admission> ADMISSION =
      new BusContract<>("router.admission", AdmissionQuery.class, Admission.class);

  /** Which devices are known in this shard? */
  public static final BusContract<DeviceQuery, DeviceList> DEVICES =
      new BusContract<>("router.devices", DeviceQuery.class, DeviceList.class);

  /** Take this account and its devices, and open their sessions. */
  public static final BusContract<HostAccount, Done> HOST_ACCOUNT =
      new BusContract<>("router.host", HostAccount.class, Done.class);

  // Answered by the edges that hold devices.

  /** A CRUDN request for a device behind CoAP. */
  public static final BusContract<DeviceRequest, CrudnResponse> DEVICE =
      new BusContract<>("coap.device", DeviceRequest.class, CrudnResponse.class);

  /** A CRUDN request for a device behind XMPP. */
  public static final BusContract<RemoteRequest, CrudnResponse> REMOTE =
      new BusContract<>("ibb.remote", RemoteRequest.class, CrudnResponse.class);

  // Answered by the XMPP verticle.

  /**
   * Open a session and keep it open. Answered at once; what becomes of it, {@link #SESSION} says.
   */
  public static final BusContract<OpenSession, Done> OPEN_SESSION =
      new BusContract<>("xmpp.open", OpenSession.class, Done.class);

  /** Close a session for good. */
  public static final BusContract<CloseSession, Done> CLOSE_SESSION =
      new BusContract<>("xmpp.close", CloseSession.class, Done.class);

  // Events.

  /** A session came up or went down. From the XMPP verticle. */
  public static final BusEvent<SessionEvent> SESSION =
      new BusEvent<>("xmpp.session", SessionEvent.class);

  /** A peer of a session came or went. From the XMPP verticle. */
  public static final BusEvent<PeerPresence> PRESENCE =
      new BusEvent<>("xmpp.presence", PeerPresence.class);

  /** An in-band bytestream stanza arrived. From the XMPP verticle. */
  public static final BusEvent<Ibb> IBB_IN = new BusEvent<>("ibb.in", Ibb.class);

  /**
   * An in-band bytestream stanza is to be sent. To the XMPP verticle; lost if its session is down.
   */
  public static final BusEvent<Ibb> IBB_OUT = new BusEvent<>("ibb.out", Ibb.class);

  private Contracts() {}

  /** Prepares the event bus of a Vert.x instance; once, before any verticle is deployed. */
  public static void register(Vertx vertx) {
    vertx.eventBus().registerCodec(new ReferenceCodec());
  }

  /** The shard, from 0, that holds all state of an account. */
  public static int shardOf(Jid account, int shards) {
    return Math.floorMod(account.bare().hashCode(), shards);
  }

  /** What a caller is told when a contract that answers with a CRUDN response failed. */
  public static CrudnResponse failure(Throwable error) {
    ReplyFailure kind =
        error instanceof ReplyException reply
            ? reply.failureType()
            : ReplyFailure.RECIPIENT_FAILURE;
    return switch (kind) {
      case NO_HANDLERS ->
          CrudnResponse.failed(Status.UNAVAILABLE, "stopping", "the gateway is not serving")
              .with("Retry-After", "5");
      case TIMEOUT ->
          CrudnResponse.failed(
              Status.TIMEOUT, "deadline", "no answer in time; whether it was done is unknown");
      default ->
          CrudnResponse.failed(Status.INTERNAL_ERROR, "internal", "the gateway has a defect");
    };
  }
}
