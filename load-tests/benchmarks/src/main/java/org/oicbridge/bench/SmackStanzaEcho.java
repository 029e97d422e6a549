package org.oicbridge.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.filter.StanzaExtensionFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smackx.bytestreams.ibb.packet.DataPacketExtension;
import org.jxmpp.jid.EntityFullJid;
import org.oicbridge.envelope.Envelope;
import org.oicbridge.envelope.EnvelopeException;
import org.oicbridge.envelope.EnvelopeReader;
import org.oicbridge.envelope.EnvelopeWriter;

/**
 * Smack's echo without its bytestreams, which is the cheapest that it can be done with: stanza
 * listeners take the blocks and check their numbers, and no thread waits for a stream.
 */
final class SmackStanzaEcho implements Echo {
  private static final int LIMIT = 1 << 20;
  private static final int NUMBERS = 0x10000;

  private final SmackLogins logins;
  private final int accounts;
  private final List<Near> pairs = new ArrayList<>();

  SmackStanzaEcho(Site site) throws IOException, GeneralSecurityException {
    this.logins = new SmackLogins(site);
    this.accounts = site.accounts;
  }

  @Override
  public void open(int count, int silent) throws Exception {
    for (int i = 0; i < count; i++) {
      String device = "00000000-0000-4000-8000-%012x".formatted(i);
      XMPPTCPConnection near = login(i, "OIC/1.0/oic.d.bridge/10000000" + device.substring(8));
      XMPPTCPConnection far = login(i, "OIC/1.0/oic.d.light/" + device);
      String sid = "stream-" + i;
      Out back = new Out(far, near.getUser(), sid);
      listen(far, message -> back.write(EchoWork.answer((Envelope.Request) message)));
      Near pair = new Near(new Out(near, far.getUser(), sid), device);
      listen(near, pair::take);
      pairs.add(pair);
    }
    logins.silent(silent);
  }

  private XMPPTCPConnection login(int pair, String resource) throws Exception {
    XMPPTCPConnection connection = logins.connection(pair % accounts, resource);
    connection.connect();
    connection.login();
    return connection;
  }

  private static void listen(XMPPTCPConnection connection, Consumer<Envelope> taker) {
    EnvelopeReader reader = new EnvelopeReader(LIMIT);
    int[] expected = {0};
    connection.addSyncStanzaListener(
        stanza -> {
          DataPacketExtension data = stanza.getExtension(DataPacketExtension.class);
          if (data.getSeq().intValue() != expected[0]) {
            throw new IllegalStateException(data.getSeq() + " came, not " + expected[0]);
          }
          expected[0] = (expected[0] + 1) % NUMBERS;
          try {
            reader.feed(data.getDecodedData()).forEach(taker);
          } catch (EnvelopeException e) {
            throw new IllegalStateException(e);
          }
        },
        new StanzaExtensionFilter(DataPacketExtension.ELEMENT, DataPacketExtension.NAMESPACE));
  }

  @Override
  public void run(Cell cell, Tally tally) {
    for (Near pair : pairs.subList(0, cell.pairs())) {
      pair.tally = tally;
    }
    for (Near pair : pairs.subList(0, cell.pairs())) {
      for (int i = 0; i < cell.outstanding(); i++) {
        pair.ask();
      }
    }
  }

  /** The sending half of a stream. */
  private static final class Out {
    private final XMPPTCPConnection connection;
    private final EntityFullJid peer;
    private final String sid;
    private int seq;

    Out(XMPPTCPConnection connection, EntityFullJid peer, String sid) {
      this.connection = connection;
      this.peer = peer;
      this.sid = sid;
    }

    synchronized void write(Envelope envelope) {
      String block = Base64.getEncoder().encodeToString(EnvelopeWriter.write(envelope));
      Message message =
          StanzaBuilder.buildMessage()
              .to(peer)
              .addExtension(new DataPacketExtension(sid, seq, block))
              .build();
      seq = (seq + 1) % NUMBERS;
      try {
        connection.sendStanza(message);
      } catch (NotConnectedException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /** The end that asks. */
  private static final class Near {
    private final Out out;
    private final String device;
    private volatile Tally tally;
    private long asked;

    Near(Out out, String device) {
      this.out = out;
      this.device = device;
    }

    void ask() {
      long number;
      synchronized (this) {
        number = ++asked;
      }
      out.write(EchoWork.question(device, number));
    }

    void take(Envelope message) {
      Envelope.Response answer = (Envelope.Response) message;
      if (!EchoWork.isAnswer(answer.body(), EchoWork.number(answer))) {
        tally.failed(device + " answered " + answer);
      } else if (tally.next()) {
        ask();
      }
    }
  }
}
