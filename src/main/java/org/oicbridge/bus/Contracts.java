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

  /** Be told of a resource from now on; answered like the retrieve. */
  public static final BusContract<Subscribe, CrudnResponse> SUBSCRIBE =
      new BusContract<>("router.subscribe", Subscribe.class, CrudnResponse.class);

  /** Be told no more. */
  public static final BusContract<Unsubscribe, Done> UNSUBSCRIBE =
      new BusContract<>("router.unsubscribe", Unsubscribe.class, Done.class);

  /** May this peer open a bytestream to this session at all? */
  public static final BusContract<AdmissionQuery, Admission> ADMISSION =
      new BusContract<>("router.admission", AdmissionQuery.class, Admission.class);

  /** Which devices are known in this shard? */
  public static final BusContract<DeviceQuery, DeviceList> DEVICES =
      new BusContract<>("router.devices", DeviceQuery.class, DeviceList.class);

  /** Take this account and its devices, and open their sessions. */
  public static final BusContract<HostAccount, Done> HOST_ACCOUNT =
      new BusContract<>("router.host", HostAccount.class, Done.class);

  /** Serve this account no longer; answered when its sessions are closed. */
  public static final BusContract<DropAccount, Done> DROP_ACCOUNT =
      new BusContract<>("router.drop", DropAccount.class, Done.class);

  /** Host these devices; answered at once, what becomes of their sessions {@link #SESSION} says. */
  public static final BusContract<HostDevices, Done> HOST_DEVICES =
      new BusContract<>("router.hostDevices", HostDevices.class, Done.class);

  /** Host these devices no longer; answered when their sessions are closed. */
  public static final BusContract<DropDevices, Done> DROP_DEVICES =
      new BusContract<>("router.dropDevices", DropDevices.class, Done.class);

  // Answered by the one that looks after accounts and devices, at HOME.

  /** Which accounts are there? */
  public static final BusContract<AccountQuery, AccountList> ACCOUNTS =
      new BusContract<>("hosting.accounts", AccountQuery.class, AccountList.class);

  /** Set values of an account. */
  public static final BusContract<Provision, AccountOutcome> PROVISION =
      new BusContract<>("hosting.provision", Provision.class, AccountOutcome.class);

  /** Forget an account. */
  public static final BusContract<DeleteAccount, AccountOutcome> DELETE_ACCOUNT =
      new BusContract<>("hosting.deleteAccount", DeleteAccount.class, AccountOutcome.class);

  /** Register devices. */
  public static final BusContract<PutDevices, DeviceOutcomes> PUT_DEVICES =
      new BusContract<>("hosting.putDevices", PutDevices.class, DeviceOutcomes.class);

  /** Forget a registered device. */
  public static final BusContract<DeleteDevice, DeviceOutcome> DELETE_DEVICE =
      new BusContract<>("hosting.deleteDevice", DeleteDevice.class, DeviceOutcome.class);

  /** Host a discovered device. */
  public static final BusContract<Adopt, DeviceOutcome> ADOPT =
      new BusContract<>("hosting.adopt", Adopt.class, DeviceOutcome.class);

  /**
   * Which devices are known that {@link #DEVICES} does not know yet: discovered ones, and
   * registered ones that wait for their type or for the first login of their account? Ask this one
   * first, then none is missed that is taken up in between; it may be in both answers.
   */
  public static final BusContract<DeviceQuery, DeviceList> UNHOSTED =
      new BusContract<>("hosting.unhosted", DeviceQuery.class, DeviceList.class);

  /** Take a publication into the resource directory. */
  public static final BusContract<Publish, PublishOutcome> PUBLISH =
      new BusContract<>("hosting.publish", Publish.class, PublishOutcome.class);

  /** Withdraw a publication. */
  public static final BusContract<Unpublish, PublishOutcome> UNPUBLISH =
      new BusContract<>("hosting.unpublish", Unpublish.class, PublishOutcome.class);

  /** What is published? */
  public static final BusContract<DirectoryQuery, Directory> DIRECTORY =
      new BusContract<>("hosting.directory", DirectoryQuery.class, Directory.class);

  // Answered by the gateway's own device, at HOME.

  /** A request for a resource of the gateway itself. */
  public static final BusContract<OwnRequest, CrudnResponse> OWN_DEVICE =
      new BusContract<>("oic.own", OwnRequest.class, CrudnResponse.class);

  /**
   * Observe a device of the caller's account through the gateway. Only an answer with an {@code
   * Observe} header means that {@link #NOTIFICATION} follows.
   */
  public static final BusContract<ObserveOwn, CrudnResponse> OBSERVE_OWN =
      new BusContract<>("oic.observe", ObserveOwn.class, CrudnResponse.class);

  /** End such an observation, by the name of its subscription; also one that is over. */
  public static final BusContract<ForgetObservation, Done> FORGET_OWN =
      new BusContract<>("oic.forget", ForgetObservation.class, Done.class);

  // Answered by the edges that hold devices.

  /** A CRUDN request for a device behind CoAP. */
  public static final BusContract<DeviceRequest, CrudnResponse> DEVICE =
      new BusContract<>("coap.device", DeviceRequest.class, CrudnResponse.class);

  /** A CRUDN request for a device behind XMPP. */
  public static final BusContract<RemoteRequest, CrudnResponse> REMOTE =
      new BusContract<>("ibb.remote", RemoteRequest.class, CrudnResponse.class);

  /**
   * Observe a resource of a device behind CoAP. Only an answer with an {@code Observe} header means
   * that {@link #OBSERVED} follows.
   */
  public static final BusContract<ObserveDevice, CrudnResponse> OBSERVE_DEVICE =
      new BusContract<>("coap.observe", ObserveDevice.class, CrudnResponse.class);

  /** End such an observation. */
  public static final BusContract<ForgetObservation, Done> FORGET_DEVICE =
      new BusContract<>("coap.forget", ForgetObservation.class, Done.class);

  /** Observe a resource of a device behind XMPP, likewise. */
  public static final BusContract<ObserveRemote, CrudnResponse> OBSERVE_REMOTE =
      new BusContract<>("ibb.observe", ObserveRemote.class, CrudnResponse.class);

  /** End such an observation. */
  public static final BusContract<ForgetObservation, Done> FORGET_REMOTE =
      new BusContract<>("ibb.forget", ForgetObservation.class, Done.class);

  // Answered by the one that keeps the last events, at HOME.

  /** Which events have there been? */
  public static final BusContract<EventsQuery, EventPage> EVENTS =
      new BusContract<>("events.page", EventsQuery.class, EventPage.class);

  // Answered by the XMPP verticle.

  /**
   * Open a session and keep it open. Answered at once; what becomes of it, {@link #SESSION} says.
   */
  public static final BusContract<OpenSession, Done> OPEN_SESSION =
      new BusContract<>("xmpp.open", OpenSession.class, Done.class);

  /** Close a session for good; answered when its stream is closed. */
  public static final BusContract<CloseSession, Done> CLOSE_SESSION =
      new BusContract<>("xmpp.close", CloseSession.class, Done.class);

  /**
   * Try once to bind a full JID. When it is bound, the session stays and is kept open, and an older
   * one of the same full JID ends quietly; when not, nothing else has changed, whatever the reason.
   */
  public static final BusContract<OpenSession, LoginOutcome> TRY_LOGIN =
      new BusContract<>("xmpp.try", OpenSession.class, LoginOutcome.class);

  // Events.

  /** News of an observation upstream. From the edges that hold devices. */
  public static final BusEvent<Notification> OBSERVED =
      new BusEvent<>("router.observed", Notification.class);

  /** News for one subscriber, by the name of its subscription. From the router. */
  public static final BusTopic<Notification> NOTIFICATION =
      new BusTopic<>("router.notification", Notification.class);

  /** A device came or went. From the routers, all at HOME. */
  public static final BusEvent<DeviceView> DEVICE_CHANGED =
      new BusEvent<>("router.deviceChanged", DeviceView.class);

  /** An event has a number now. At HOME. */
  public static final BusEvent<GatewayEvent> EVENT =
      new BusEvent<>("events.event", GatewayEvent.class);

  /** These devices are hosted: whether they answer is to be found out. To the edges. */
  public static final BusEvent<HostDevices> WATCH_DEVICES =
      new BusEvent<>("coap.watch", HostDevices.class);

  /** These devices are hosted no longer. To the edges. */
  public static final BusEvent<DropDevices> UNWATCH_DEVICES =
      new BusEvent<>("coap.unwatch", DropDevices.class);

  /**
   * A hosted device answers, or does so no more: what was found out first, and then each change.
   * From the edges that hold devices.
   */
  public static final BusEvent<DeviceLiveness> DEVICE_LIVENESS =
      new BusEvent<>("coap.liveness", DeviceLiveness.class);

  /** A session is to be seen, or not. To the XMPP verticle; one that is not open is not meant. */
  public static final BusEvent<ShowSession> SHOW_SESSION =
      new BusEvent<>("xmpp.show", ShowSession.class);

  /** A session came up or went down. From the XMPP verticle. */
  public static final BusEvent<SessionEvent> SESSION =
      new BusEvent<>("xmpp.session", SessionEvent.class);

  /** The way to the server of a session that is online has changed. From the XMPP verticle. */
  public static final BusEvent<LinkEvent> LINK = new BusEvent<>("xmpp.link", LinkEvent.class);

  /** New work is to be refused, or may be taken again. In every shard, from the wiring. */
  public static final BusEvent<LoadEvent> LOAD = new BusEvent<>("gateway.load", LoadEvent.class);

  /** A peer of a session came or went. From the XMPP verticle. */
  public static final BusEvent<PeerPresence> PRESENCE =
      new BusEvent<>("xmpp.presence", PeerPresence.class);

  /** An in-band bytestream stanza arrived. From the XMPP verticle. */
  public static final BusEvent<Ibb> IBB_IN = new BusEvent<>("ibb.in", Ibb.class);

  /**
   * An in-band bytestream stanza is to be sent. To the XMPP verticle; lost if its session is down.
   */
  public static final BusEvent<Ibb> IBB_OUT = new BusEvent<>("ibb.out", Ibb.class);

  /** An account has other values, or they work or not any more. At HOME. */
  public static final BusEvent<AccountView> ACCOUNT_CHANGED =
      new BusEvent<>("hosting.accountChanged", AccountView.class);

  /** What is published has changed. The default account's is told as null. At HOME. */
  public static final BusEvent<DirectoryQuery> DIRECTORY_CHANGED =
      new BusEvent<>("hosting.directoryChanged", DirectoryQuery.class);

  /** A resource of the gateway itself has a new representation. At HOME. */
  public static final BusEvent<OwnChange> OWN_CHANGED =
      new BusEvent<>("oic.changed", OwnChange.class);

  /** A device answered to discovery. At HOME. */
  public static final BusEvent<FoundDevice> FOUND = new BusEvent<>("coap.found", FoundDevice.class);

  /** The shard at which is asked what there is one of in a process. */
  public static final int HOME = 0;

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
