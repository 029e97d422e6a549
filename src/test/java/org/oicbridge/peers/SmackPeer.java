package org.oicbridge.peers;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Nonza;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smackx.bytestreams.BytestreamRequest;
import org.jivesoftware.smackx.bytestreams.ibb.InBandBytestreamManager;
import org.jivesoftware.smackx.bytestreams.ibb.InBandBytestreamManager.StanzaType;
import org.jxmpp.jid.impl.JidCreate;

/**
 * An XMPP client built on Smack, to test against code that is not ours. Calls block; each waits at
 * most for the time it is given, or for Smack's five seconds for an answer.
 */
public final class SmackPeer implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMinutes(5);

  static {
    // Test runs enable assertions, and one of Smack's ends its reader over a legal presence: an
    // unknown extension with an empty child, as Prosody's mod_vcard_legacy adds to each presence.
    SmackPeer.class.getClassLoader().setPackageAssertionStatus("org.jivesoftware", false);
  }

  private final XMPPTCPConnection connection;
  private final InBandBytestreamManager bytestreams;
  private final ExecutorService workers = Executors.newCachedThreadPool(SmackPeer::daemon);
  private final Map<String, Presence> presences = new HashMap<>();
  private final BlockingQueue<SmackStream> accepted = new LinkedBlockingQueue<>();

  private SmackPeer(XMPPTCPConnection connection) {
    this.connection = connection;
    this.bytestreams = InBandBytestreamManager.getByteStreamManager(connection);
  }

  /** Connects, authenticates, binds the resource and sends available presence. */
  public static SmackPeer login(SmackLogin login) {
    return login(login, 0);
  }

  /** Likewise, with a presence priority of -128 to 127. */
  public static SmackPeer login(SmackLogin login, int priority) {
    try {
      SmackPeer peer = new SmackPeer(login.connection());
      try {
        peer.connect();
        peer.send("<presence><priority>" + priority + "</priority></presence>");
        return peer;
      } catch (Exception e) {
        peer.close();
        throw e;
      }
    } catch (IOException
        | GeneralSecurityException
        | SmackException
        | XMPPException
        | InterruptedException e) {
      throw failure("login of " + login.user() + " at " + login.address(), e);
    }
  }

  private void connect() throws IOException, SmackException, XMPPException, InterruptedException {
    connection.addSyncStanzaListener(stanza -> note((Presence) stanza), StanzaTypeFilter.PRESENCE);
    Roster.getInstanceFor(connection).setSubscriptionMode(Roster.SubscriptionMode.accept_all);
    connection.connect();
    connection.login();
  }

  /** The full JID the server bound. */
  public String jid() {
    return connection.getUser().toString();
  }

  /** Which SASL mechanism the login used. */
  public String mechanism() {
    return connection.getUsedSaslMechansism();
  }

  /** The Smack connection, for what this class does not do. */
  public XMPPTCPConnection connection() {
    return connection;
  }

  /** Asks for the presence of another account, which answers by itself if it is a Smack peer. */
  public void subscribe(String bareJid) {
    send("<presence type='subscribe' to='" + bareJid + "'/>");
  }

  /** Waits until the full JID was last seen available, and gives that presence. */
  public Presence awaitAvailable(String fullJid, Duration time) {
    return await(fullJid, time, Presence::isAvailable);
  }

  /** Waits until the full JID was last seen unavailable. */
  public Presence awaitUnavailable(String fullJid, Duration time) {
    return await(fullJid, time, presence -> presence.getType() == Presence.Type.unavailable);
  }

  /** Opens an in-band bytestream with a session id of its own. */
  public SmackStream open(String fullJid, StanzaKind kind, int blockSize) {
    return open(fullJid, kind, blockSize, UUID.randomUUID().toString());
  }

  /** Opens an in-band bytestream; an answer of type error is an IllegalStateException over it. */
  public SmackStream open(String fullJid, StanzaKind kind, int blockSize, String sid) {
    // The manager keeps both for all its streams, so two opens must not meet.
    synchronized (bytestreams) {
      bytestreams.setMaximumBlockSize(Math.max(blockSize, bytestreams.getMaximumBlockSize()));
      bytestreams.setDefaultBlockSize(blockSize);
      bytestreams.setStanza(
          switch (kind) {
            case IQ -> StanzaType.IQ;
            case MESSAGE -> StanzaType.MESSAGE;
          });
      try {
        return new SmackStream(sid, bytestreams.establishSession(JidCreate.from(fullJid), sid));
      } catch (IOException | SmackException | XMPPException | InterruptedException e) {
        throw failure("opening a bytestream to " + fullJid, e);
      }
    }
  }

  /**
   * Accepts every bytestream up to the block size and answers nothing by itself. A larger one is
   * refused with {@code resource-constraint}. {@link #nextAccepted} gives the streams in order.
   */
  public void accept(int maxBlockSize) {
    accept(maxBlockSize, stream -> {});
  }

  /** Acts as a device: answers each document on each accepted stream with the function's. */
  public void answer(int maxBlockSize, UnaryOperator<String> answer) {
    accept(maxBlockSize, stream -> workers.execute(() -> serve(stream, answer)));
  }

  /** The next stream that was accepted, whoever reads it. */
  public SmackStream nextAccepted(Duration time) {
    try {
      SmackStream stream = accepted.poll(time.toMillis(), TimeUnit.MILLISECONDS);
      if (stream == null) {
        throw new IllegalStateException("no bytestream was opened to " + jid() + " in " + time);
      }
      return stream;
    } catch (InterruptedException e) {
      throw failure("waiting for a bytestream", e);
    }
  }

  /** Writes a stanza to the server as it stands; nothing is checked or escaped. */
  public void send(String xml) {
    try {
      connection.sendNonza(new RawXml(xml));
    } catch (SmackException.NotConnectedException | InterruptedException e) {
      throw failure("sending " + xml, e);
    }
  }

  /** Sends a data block on a stream as it stands: any sid, any seq, any text for base64. */
  public void sendBlock(String fullJid, StanzaKind kind, String sid, String seq, String text) {
    String data =
        "<data xmlns='http://jabber.org/protocol/ibb' sid='%s' seq='%s'>%s</data>"
            .formatted(sid, seq, text);
    String id = UUID.randomUUID().toString();
    send(
        switch (kind) {
          case IQ -> "<iq type='set' id='%s' to='%s'>%s</iq>".formatted(id, fullJid, data);
          case MESSAGE -> "<message id='%s' to='%s'>%s</message>".formatted(id, fullJid, data);
        });
  }

  /** Collects stanzas from now on; ask for it before sending what causes them, and close it. */
  public StanzaCollector collect(Predicate<Stanza> wanted) {
    return connection.createStanzaCollector(wanted::test);
  }

  /** Drops the connection without a closing stream tag, as a lost network does. */
  public void cut() {
    connection.instantShutdown();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    if (connection.isConnected()) {
      connection.disconnect();
    }
  }

  private void accept(int maxBlockSize, Consumer<SmackStream> taker) {
    bytestreams.setMaximumBlockSize(maxBlockSize);
    bytestreams.addIncomingBytestreamListener(
        (BytestreamRequest request) -> {
          try {
            SmackStream stream = new SmackStream(request.getSessionID(), request.accept());
            accepted.add(stream);
            taker.accept(stream);
          } catch (Exception e) {
            throw failure("accepting a bytestream", e);
          }
        });
  }

  private static void serve(SmackStream stream, UnaryOperator<String> answer) {
    for (String request = stream.readDocument(IDLE);
        request != null;
        request = stream.readDocument(IDLE)) {
      stream.write(answer.apply(request));
    }
  }

  private synchronized void note(Presence presence) {
    if (presence.getFrom() != null) {
      presences.put(presence.getFrom().toString(), presence);
      notifyAll();
    }
  }

  private synchronized Presence await(String jid, Duration time, Predicate<Presence> wanted) {
    long deadline = System.nanoTime() + time.toNanos();
    for (; ; ) {
      Presence presence = presences.get(jid);
      if (presence != null && wanted.test(presence)) {
        return presence;
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new IllegalStateException(
            "presence of "
                + jid
                + " after "
                + time
                + " is "
                + presence
                + "; seen "
                + presences.keySet());
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw failure("waiting for the presence of " + jid, e);
      }
    }
  }

  private static IllegalStateException failure(String what, Exception cause) {
    if (cause instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return new IllegalStateException(what + " failed: " + cause.getMessage(), cause);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "smack-peer-device");
    thread.setDaemon(true);
    return thread;
  }

  private record RawXml(String xml) implements Nonza {
    @Override
    public CharSequence toXML(XmlEnvironment enclosing) {
      return xml;
    }

    @Override
    public String getNamespace() {
      return "jabber:client";
    }

    @Override
    public String getElementName() {
      return "raw";
    }
  }
}
