package org.oicbridge.xmpp;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/**
 * Reads one XML stream (RFC 6120 section 4) from bytes as they arrive, cut anywhere. Bytes in,
 * elements out: it has no socket and no thread, never blocks and never throws for what it reads.
 * After the first failure, the stream's end or {@link #stop()} it takes no more notice of its
 * input. A stream that is opened anew, after STARTTLS or SASL, needs a new reader.
 *
 * <p>Refused are all that RFC 6120 section 11.1 forbids, encodings other than UTF-8, elements
 * nested deeper than 32, more than 64 attributes on an element, more than 8192 elements in a
 * stanza, and more bytes than allowed in a stanza with the white space before it.
 */
public final class StanzaReader {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_ATTRIBUTES = 64;
  private static final int MAX_ELEMENTS = 8192;

  /** Bytes given to the parser at once, so that limits bite before a huge buffer is read. */
  private static final int SLICE = 16 * 1024;

  /** The parser keeps every name it ever saw; after this many bytes it makes room for a new one. */
  private static final int RENEW_AFTER = 128 * 1024;

  private static final int BROKEN = -1;

  private static final byte[] NOTHING = {};

  private final int maxStanzaBytes;
  private final Listener listener;
  private final Utf8 utf8 = new Utf8();
  private final Deque<Element.Builder> open = new ArrayDeque<>(4);

  /** Null while it rests. */
  private AsyncXMLStreamReader<AsyncByteArrayFeeder> xml = XmlParsers.create();

  private String prologue;

  /** What is being read, null between two calls. */
  private Buffer fed;

  private int carried;
  private byte[] chunk = NOTHING;
  private int sliceStart;
  private int position;
  private long fedBefore;
  private long stanzaStart;
  private int elements;
  private boolean dead;

  /** Takes what was read. It may call {@link #stop()} and {@link #unread()}, but not feed. */
  public interface Listener {
    /** The stream's opening tag, as an element without content. */
    void streamOpened(Element header);

    /** A complete child of the stream. */
    void stanza(Element stanza);

    /** The stream's closing tag. */
    void streamClosed();

    /**
     * The stream is broken; nothing follows.
     *
     * @param condition the stream error condition to answer with (RFC 6120 section 4.9.3)
     * @param detail what was wrong, without anything of what was read
     */
    void failed(String condition, String detail);
  }

  /**
   * A reader of a new stream.
   *
   * @param maxStanzaBytes most bytes in a stanza together with the white space before it, and in
   *     the stream header
   */
  public StanzaReader(int maxStanzaBytes, Listener listener) {
    this.maxStanzaBytes = maxStanzaBytes;
    this.listener = listener;
  }

  /** Reads what arrived and tells the listener about everything that is complete by now. */
  public void feed(Buffer data) {
    if (dead) {
      return;
    }
    if (xml == null) {
      renew();
    }
    fed = data;
    carried = utf8.carried();
    chunk = utf8.whole(data.getBytes());
    while (position < chunk.length && !dead) {
      readSlice(Utf8.boundary(chunk, position + SLICE));
    }
    if (utf8.broken()) {
      fail("not-well-formed", "bytes that are not UTF-8");
    }
    chunk = NOTHING;
    fed = null;
    sliceStart = 0;
    position = 0;
  }

  /**
   * Gives up what only a busy stream needs, some seven kilobytes, until something arrives: most
   * streams are silent most of the time. Does nothing within a stanza.
   */
  public void rest() {
    if (betweenStanzas()) {
      xml = null;
    }
  }

  /** True when the parser has seen the stream header, whole stanzas, and nothing after them. */
  private boolean betweenStanzas() {
    return prologue != null
        && open.isEmpty()
        && utf8.carried() == 0
        && fedBefore == stanzaStart
        && !dead;
  }

  /** Reads nothing more and tells nothing more. */
  public void stop() {
    dead = true;
  }

  /** True between {@link #rest()} and what arrives next. */
  boolean resting() {
    return xml == null;
  }

  /**
   * What follows the element that the listener is just being told about, in the buffer that is
   * being fed. Empty outside of such a call.
   */
  public Buffer unread() {
    return fed == null ? Buffer.buffer() : fed.slice(Math.max(0, position - carried), fed.length());
  }

  private void readSlice(int to) {
    sliceStart = position;
    try {
      xml.getInputFeeder().feedInput(chunk, sliceStart, to - sliceStart);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("fed before the last input was used up", e);
    }
    int event = next();
    while (event != AsyncXMLStreamReader.EVENT_INCOMPLETE) {
      handle(event);
      if (dead) {
        return;
      }
      if (event == XMLStreamConstants.END_ELEMENT && open.isEmpty() && offset() > RENEW_AFTER) {
        renew();
        return;
      }
      event = next();
    }
    position = to;
    checkBytes(offset());
    fedBefore += to - sliceStart;
  }

  /** How many bytes the present parser was given up to the present position. */
  private long offset() {
    return fedBefore + position - sliceStart;
  }

  private int next() {
    try {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_ELEMENT) {
        // The parser adds its index in the chunk to what it was fed before.
        position = (int) (xml.getLocationInfo().getEndingByteOffset() - fedBefore);
      }
      return event;
    } catch (XMLStreamException | RuntimeException e) {
      return BROKEN;
    }
  }

  private void handle(int event) {
    switch (event) {
      case XMLStreamConstants.START_DOCUMENT -> declaration();
      case XMLStreamConstants.START_ELEMENT -> start();
      case XMLStreamConstants.END_ELEMENT -> end();
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
          text();
      case XMLStreamConstants.DTD -> fail("restricted-xml", "a document type declaration");
      case XMLStreamConstants.COMMENT -> fail("restricted-xml", "a comment");
      case XMLStreamConstants.PROCESSING_INSTRUCTION ->
          fail("restricted-xml", "a processing instruction");
      case XMLStreamConstants.ENTITY_REFERENCE ->
          fail("restricted-xml", "a reference to an entity that XML does not define");
      default -> fail("not-well-formed", "not well-formed XML");
    }
  }

  private void declaration() {
    String encoding = xml.getCharacterEncodingScheme();
    String version = xml.getVersion();
    if (encoding != null && !encoding.equalsIgnoreCase(StandardCharsets.UTF_8.name())) {
      fail("unsupported-encoding", "an encoding other than UTF-8");
    } else if (version != null && !version.equals("1.0")) {
      fail("not-well-formed", "a version of XML other than 1.0");
    }
  }

  private void start() {
    int attributes = xml.getAttributeCount() + xml.getNamespaceCount();
    if (attributes > MAX_ATTRIBUTES) {
      fail("policy-violation", "more than " + MAX_ATTRIBUTES + " attributes");
    } else if (!Namespaces.respected(xml)) {
      fail("not-well-formed", "names that break Namespaces in XML");
    } else if (prologue == null) {
      header();
    } else if (open.size() == MAX_DEPTH) {
      fail("policy-violation", "elements nested deeper than " + MAX_DEPTH);
    } else if (++elements > MAX_ELEMENTS) {
      fail("policy-violation", "more than " + MAX_ELEMENTS + " elements in a stanza");
    } else {
      open.push(element());
    }
  }

  private void header() {
    if (!xml.getNamespaceURI().equals(Element.STREAMS)) {
      fail("invalid-namespace", "a stream of another namespace than " + Element.STREAMS);
    } else if (!"stream".equals(xml.getPrefix())) {
      fail("bad-namespace-prefix", "a stream with another prefix than stream");
    } else if (!xml.getLocalName().equals("stream")) {
      fail("bad-format", "another element than stream");
    } else if (!Element.CLIENT.equals(xml.getNamespaceContext().getNamespaceURI(""))) {
      fail("invalid-namespace", "content of another namespace than " + Element.CLIENT);
    } else if (checkBytes(offset())) {
      StringBuilder replay = new StringBuilder("<stream:stream");
      for (int i = 0; i < xml.getNamespaceCount(); i++) {
        String prefix = xml.getNamespacePrefix(i);
        boolean byDefault = prefix == null || prefix.isEmpty();
        XmlText.attribute(replay, byDefault ? "xmlns" : "xmlns:" + prefix, xml.getNamespaceURI(i));
      }
      // The streams of a fleet begin alike; one copy of how they do is enough.
      prologue = replay.append('>').toString().intern();
      stanzaStart = offset();
      listener.streamOpened(element().build());
    }
  }

  private Element.Builder element() {
    Element.Builder element = Element.named(xml.getLocalName(), xml.getNamespaceURI());
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String prefix = xml.getAttributePrefix(i);
      if (prefix == null || prefix.isEmpty()) {
        element.attribute(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
      } else if (prefix.equals("xml")) {
        element.attribute("xml:" + xml.getAttributeLocalName(i), xml.getAttributeValue(i));
      }
    }
    return element;
  }

  private void text() {
    String text;
    try {
      text = xml.getText();
    } catch (RuntimeException e) {
      // Character data is checked only when it is asked for.
      fail("not-well-formed", "not well-formed XML");
      return;
    }
    if (!open.isEmpty()) {
      open.peek().text(text);
    } else if (text.chars().anyMatch(c -> c > ' ')) {
      fail("bad-format", "text between stanzas");
    }
  }

  private void end() {
    if (open.isEmpty()) {
      dead = true;
      listener.streamClosed();
      return;
    }
    Element element = open.pop().build();
    if (!open.isEmpty()) {
      open.peek().child(element);
    } else if (checkBytes(offset())) {
      stanzaStart = offset();
      elements = 0;
      listener.stanza(element);
    }
  }

  private boolean checkBytes(long end) {
    if (end - stanzaStart > maxStanzaBytes) {
      fail("policy-violation", "more than " + maxStanzaBytes + " bytes in a stanza");
      return false;
    }
    return true;
  }

  private void fail(String condition, String detail) {
    if (!dead) {
      dead = true;
      open.clear();
      listener.failed(condition, detail);
    }
  }

  /** Goes on between two stanzas with a new parser, which knows nothing but the stream header. */
  private void renew() {
    xml = XmlParsers.create();
    byte[] replay = prologue.getBytes(StandardCharsets.UTF_8);
    try {
      xml.getInputFeeder().feedInput(replay, 0, replay.length);
      while (xml.next() != AsyncXMLStreamReader.EVENT_INCOMPLETE) {
        // The declaration and the header are known already.
      }
    } catch (XMLStreamException e) {
      throw new IllegalStateException("what was read once can't be read again", e);
    }
    fedBefore = replay.length;
    stanzaStart = fedBefore;
  }
}
