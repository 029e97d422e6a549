package org.oicbridge.xmpp;

import io.vertx.core.buffer.Buffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A stanza with a block of 700 characters of base64, read and written. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
public class StanzaReaderBenchmark {
  static final String STREAM =
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
          + " version='1.0' from='localhost' id='1'>";
  private static final String STANZA =
      "<message from='user1@localhost/OIC/1.0/oic.d.bridge/10000000-0000-4000-8000-000000000001'"
          + " to='user1@localhost/OIC/1.0/oic.d.light/00000000-0000-4000-8000-000000000001'"
          + " id='ibb1q2w3e4r-1-2'><data xmlns='http://jabber.org/protocol/ibb'"
          + " sid='ibb1q2w3e4r-1' seq='4711'>"
          + "PHJlc3Q".repeat(100)
          + "</data><no-copy xmlns='urn:xmpp:hints'/><no-store xmlns='urn:xmpp:hints'/></message>";

  private final Buffer stanza = Buffer.buffer(STANZA);
  private StanzaReader reader;
  private Element last;

  @Setup
  public void open() {
    reader =
        new StanzaReader(
            1 << 18,
            new StanzaReader.Listener() {
              @Override
              public void streamOpened(Element header) {}

              @Override
              public void stanza(Element element) {
                last = element;
              }

              @Override
              public void streamClosed() {}

              @Override
              public void failed(String condition, String detail) {
                throw new IllegalStateException(detail);
              }
            });
    reader.feed(Buffer.buffer(STREAM));
    read();
  }

  @Benchmark
  public Element read() {
    last = null;
    reader.feed(stanza);
    if (last == null) {
      throw new IllegalStateException("no stanza came");
    }
    return last;
  }

  @Benchmark
  public Buffer write() {
    return Buffer.buffer(last.toXml());
  }
}
