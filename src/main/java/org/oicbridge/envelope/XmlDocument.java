package org.oicbridge.envelope;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.UncheckedStreamException;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/**
 * One XML document while its bytes come in. Refuses what XML allows and a {@code <rest>} document
 * never needs: document types, entities, other encodings, great numbers and depths.
 */
final class XmlDocument {
  static final int MAX_DEPTH = 8;
  private static final int MAX_ELEMENTS = 256;
  private static final int MAX_ATTRIBUTES = 16;
  // The parser holds all of a tag, comment or declaration before it tells of it.
  private static final int MAX_MARKUP = 16 << 10;
  private static final int SLICE = 4 << 10;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  // All readers share its table of names. It is filled once with those of this format; a reader
  // adds to it only when it is closed, so none ever is: peers can't make the table grow.
  private static final InputFactoryImpl PARSERS = parsers();

  private final AsyncXMLStreamReader<AsyncByteArrayFeeder> parser =
      PARSERS.createAsyncForByteArray();
  private final Draft draft;
  private final long limit;
  private final byte[] markup = new byte[3];
  private int mark;
  private int depth;
  private int elements;
  private long fed;
  private long told;
  private boolean complete;

  /**
   * A document before its first byte.
   *
   * @param limit longest document in bytes
   */
  XmlDocument(Draft draft, long limit) {
    this.draft = draft;
    this.limit = limit;
  }

  private static InputFactoryImpl parsers() {
    InputFactoryImpl factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    byte[] names =
        ("<rest xmlns='rest.oic.org'><url method=''/><headers><header name=''/></headers>"
                + "<body><json xmlns=''/></body></rest>")
            .getBytes(StandardCharsets.UTF_8);
    try {
      AsyncXMLStreamReader<AsyncByteArrayFeeder> reader = factory.createAsyncFor(names);
      int event = XMLStreamConstants.START_DOCUMENT;
      while (event != AsyncXMLStreamReader.EVENT_INCOMPLETE) {
        event = reader.next();
      }
      reader.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return factory;
  }

  /** True when the root element has ended; nothing more may be read then. */
  boolean complete() {
    return complete;
  }

  /** Reads on, at most to the end of the root element; what follows it stays in the buffer. */
  void read(ByteBuffer in) throws EnvelopeException {
    skipByteOrderMark(in);
    try {
      while (in.hasRemaining() && !complete) {
        readSlice(in, wholeCharacters(in, Math.min(SLICE, in.remaining())));
      }
    } catch (XMLStreamException | UncheckedStreamException e) {
      throw new EnvelopeException("not well-formed XML");
    }
  }

  private void skipByteOrderMark(ByteBuffer in) {
    while (mark < BYTE_ORDER_MARK.length && in.hasRemaining()) {
      if (in.get(in.position()) == BYTE_ORDER_MARK[mark]) {
        in.get();
        mark++;
      } else {
        mark = BYTE_ORDER_MARK.length;
      }
    }
  }

  /** The parser mistakes a character of four bytes in an attribute when its input is cut there. */
  private static int wholeCharacters(ByteBuffer in, int size) {
    int end = size;
    while (end < in.remaining() && (in.get(in.position() + end) & 0xc0) == 0x80) {
      end--;
    }
    return end;
  }

  private void readSlice(ByteBuffer in, int size) throws XMLStreamException, EnvelopeException {
    int start = in.arrayOffset() + in.position();
    long before = fed;
    refuseNul(in, size);
    parser.getInputFeeder().feedInput(in.array(), start, size);
    fed += size;
    if (fed > limit) {
      throw new EnvelopeException("a document is longer than " + limit + " bytes");
    }
    int event = next();
    while (event != AsyncXMLStreamReader.EVENT_INCOMPLETE && !complete) {
      take(event);
      // The parser counts from what it was fed before, but adds its index in the array to it.
      told = parser.getLocationInfo().getEndingByteOffset() - start;
      event = complete ? event : next();
    }
    in.position(in.position() + (complete ? (int) (told - before) : size));
    if (!complete) {
      boundMarkup(in, before);
    }
  }

  /** XML has none, and in a closing tag the parser does not see it. */
  private static void refuseNul(ByteBuffer in, int size) throws EnvelopeException {
    for (int i = in.position(); i < in.position() + size; i++) {
      if (in.get(i) == 0) {
        throw new EnvelopeException("a NUL");
      }
    }
  }

  private int next() throws XMLStreamException {
    try {
      return parser.next();
    } catch (RuntimeException e) {
      // It has bare runtime exceptions for some bad input, such as a prefix named xmlns.
      throw new XMLStreamException(e);
    }
  }

  private void take(int event) throws XMLStreamException, EnvelopeException {
    switch (event) {
      case XMLStreamConstants.START_ELEMENT -> start();
      case XMLStreamConstants.END_ELEMENT -> {
        draft.end();
        complete = --depth == 0;
      }
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> draft.text(parser.getText());
      case XMLStreamConstants.START_DOCUMENT -> declaration();
      case XMLStreamConstants.COMMENT,
          XMLStreamConstants.PROCESSING_INSTRUCTION,
          XMLStreamConstants.SPACE -> {}
      case XMLStreamConstants.DTD -> throw new EnvelopeException("a document type");
      default -> throw new EnvelopeException("an entity");
    }
  }

  private void start() throws EnvelopeException {
    if (++depth > MAX_DEPTH) {
      throw new EnvelopeException("elements deeper than " + MAX_DEPTH);
    }
    if (++elements > MAX_ELEMENTS) {
      throw new EnvelopeException("more than " + MAX_ELEMENTS + " elements");
    }
    int attributes = parser.getAttributeCount();
    if (attributes + parser.getNamespaceCount() > MAX_ATTRIBUTES) {
      throw new EnvelopeException("more than " + MAX_ATTRIBUTES + " attributes");
    }
    String key = null;
    for (int i = 0; i < attributes; i++) {
      String name = parser.getAttributeLocalName(i);
      if (name.equals("method") || name.equals("name")) {
        key = parser.getAttributeValue(i);
      }
    }
    draft.start(parser.getLocalName(), key);
  }

  /** A declared encoding changes how the parser reads bytes, so it must be the one they have. */
  private void declaration() throws EnvelopeException {
    String version = parser.getVersion();
    String encoding = parser.getCharacterEncodingScheme();
    if (version != null && !version.equals("1.0")) {
      throw new EnvelopeException("XML " + version);
    }
    if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
      throw new EnvelopeException("declared to be " + encoding + ", expected UTF-8");
    }
  }

  /** Of all that the parser gathers before it tells of it, only CDATA may be as long as a body. */
  private void boundMarkup(ByteBuffer in, long before) throws EnvelopeException {
    int from = (int) (Math.max(told, before) - before);
    int first = (int) (before + from - told);
    int end = in.position() - (int) (fed - before);
    for (int i = first; i < markup.length && from + i - first < fed - before; i++) {
      markup[i] = in.get(end + from + i - first);
    }
    boolean cdata = markup[0] == '<' && markup[1] == '!' && markup[2] == '[';
    if (fed - told > MAX_MARKUP && !cdata) {
      throw new EnvelopeException("markup longer than " + MAX_MARKUP + " bytes");
    }
  }
}
