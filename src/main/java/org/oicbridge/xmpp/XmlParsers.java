package org.oicbridge.xmpp;

import com.fasterxml.aalto.AsyncByteArrayFeeder;
import com.fasterxml.aalto.AsyncXMLStreamReader;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import javax.xml.stream.XMLInputFactory;

/**
 * Makes XML parsers that know no document types and resolve no entities. A parser must not be
 * closed or told of the end of its input: it would then leave the names it saw to all that come
 * after it.
 */
final class XmlParsers {
  private static final InputFactoryImpl FACTORY = factory();

  private XmlParsers() {}

  static AsyncXMLStreamReader<AsyncByteArrayFeeder> create() {
    return FACTORY.createAsyncForByteArray();
  }

  private static InputFactoryImpl factory() {
    InputFactoryImpl factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    return factory;
  }
}
