package org.oicbridge.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smackx.bytestreams.BytestreamRequest;
import org.jivesoftware.smackx.bytestreams.BytestreamSession;
import org.jivesoftware.smackx.bytestreams.ibb.InBandBytestreamManager;
import org.jivesoftware.smackx.bytestreams.ibb.InBandBytestreamManager.StanzaType;
import org.oicbridge.envelope.Envelope;
import org.oicbridge.envelope.EnvelopeException;
import org.oicbridge.envelope.EnvelopeReader;
import org.oicbridge.envelope.EnvelopeWriter;

/**
 * Smack's echo, through its in-band bytestreams: one stream in messages for each pair, used for all
 * round trips, with a thread for each end since its reads block. Documents are the gateway's, read
 * and written by the same code.
 */
final class SmackEcho implements Echo {
  private static final int BLOCK = 32_768;
  private static final int LIMIT = 1 << 20;

  private final SmackLogins logins;
  private final int accounts;
  private final List<Near> pairs = new ArrayList<>();

  SmackEcho(Site site) throws IOException, GeneralSecurityException {
    this.logins = new SmackLogins(site);
    this.accounts = site.accounts;
  }

  @Override
  public void open(int count, int silent) throws Exception {
    for (int i = 0; i < count; i++) {
      String device = "00000000-0000-4000-8000-%012x".formatted(i);
      XMPPTCPConnection near = login(i, "OIC/1.0/oic.d.bridge/10000000" + device.substring(8));
      XMPPTCPConnection far = login(i, "OIC/1.0/oic.d.light/" + device);
      BlockingQueue<BytestreamSession> accepted = new ArrayBlockingQueue<>(1);
      InBandBytestreamManager.getByteStreamManager(far)
          .addIncomingBytestreamListener(
              (BytestreamRequest request) -> {
                try {
                  accepted.add(request.accept());
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      InBandBytestreamManager manager = InBandBytestreamManager.getByteStreamManager(near);
      manager.setStanza(StanzaType.MESSAGE);
      manager.setDefaultBlockSize(BLOCK);
      Near pair = new Near(manager.establishSession(far.getUser(), "stream-" + i), device);
      BytestreamSession other = accepted.poll(10, TimeUnit.SECONDS);
      OutputStream out = other.getOutputStream();
      read("far-" + i, other.getInputStream(), message -> reply(message, out));
      read("near-" + i, pair.in, pair::take);
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

  private static void read(String name, InputStream in, Consumer<Envelope> taker) {
    Thread thread =
        new Thread(
            () -> {
              EnvelopeReader reader = new EnvelopeReader(LIMIT);
              byte[] block = new byte[BLOCK];
              try {
                for (int n = in.read(block); n >= 0; n = in.read(block)) {
                  reader.feed(Arrays.copyOf(block, n)).forEach(taker);
                }
              } catch (IOException | EnvelopeException e) {
                throw new IllegalStateException(name + " ended", e);
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void reply(Envelope message, OutputStream out) {
    write(EnvelopeWriter.write(EchoWork.answer((Envelope.Request) message)), out);
  }

  private static void write(byte[] document, OutputStream out) {
    try {
      out.write(document);
      out.flush();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
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

  /** The end that asks. */
  private static final class Near {
    final InputStream in;
    final OutputStream out;
    final String device;
    volatile Tally tally;
    private long asked;

    Near(BytestreamSession session, String device) throws IOException {
      this.in = session.getInputStream();
      this.out = session.getOutputStream();
      this.device = device;
    }

    void ask() {
      long number;
      synchronized (this) {
        number = ++asked;
      }
      write(EnvelopeWriter.write(EchoWork.question(device, number)), out);
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
