package org.oicbridge.xmpp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import javax.xml.XMLConstants;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** The parser of the Java runtime beside the gateway's. */
@Timeout(60)
class TwoParsersTest {
  private final TwoParsers parsers = new TwoParsers(TwoParsersTest::readAll);

  @Test
  void goodStreams_areReadAlike() throws Exception {
    parsers.agreeOnWhatIsGood();
  }

  @Test
  void badStreams_areRefused() throws Exception {
    parsers.refuseWhatIsBad();
  }

  @Test
  void damagedStreams_areReadAlikeOrRefused() throws Exception {
    parsers.agreeOnWhatIsDamaged(20_000, 1);
  }

  private static List<String> readAll(List<byte[]> streams) throws Exception {
    SAXParserFactory factory = SAXParserFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    SAXParser parser = factory.newSAXParser();
    List<String> all = new ArrayList<>();
    for (byte[] stream : streams) {
      Tree tree = new Tree();
      try {
        parser.parse(new ByteArrayInputStream(stream), tree);
      } catch (SAXException | IOException e) {
        // Behind the end of the stream anything may follow.
      }
      all.add(tree.root);
    }
    return all;
  }

  /** What an element says: its name, its attributes, its text and its children. */
  private static final class Tree extends DefaultHandler {
    private record Open(StringBuilder head, StringBuilder text, StringBuilder children) {}

    private final Deque<Open> open = new ArrayDeque<>();
    private String root;

    @Override
    public void startElement(String uri, String local, String qualified, Attributes attributes) {
      TreeSet<String> sorted = new TreeSet<>();
      for (int i = 0; i < attributes.getLength(); i++) {
        String namespace = attributes.getURI(i);
        // The gateway has no use for attributes of other namespaces.
        if (namespace.isEmpty() || namespace.equals(XMLConstants.XML_NS_URI)) {
          sorted.add(namespace + "|" + attributes.getLocalName(i) + "=" + attributes.getValue(i));
        }
      }
      StringBuilder head = new StringBuilder(uri + "|" + local + sorted);
      open.push(new Open(head, new StringBuilder(), new StringBuilder()));
    }

    @Override
    public void characters(char[] text, int from, int length) {
      // White space between stanzas means nothing.
      if (open.size() > 1) {
        open.element().text.append(text, from, length);
      }
    }

    @Override
    public void endElement(String uri, String local, String qualified) {
      Open closed = open.pop();
      String all =
          "(" + closed.head + closed.text.length() + ":" + closed.text + closed.children + ")";
      if (open.isEmpty()) {
        root = all;
      } else {
        open.element().children.append(all);
      }
    }

    @Override
    public InputSource resolveEntity(String publicId, String systemId) {
      return new InputSource(new StringReader(""));
    }

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }
}
