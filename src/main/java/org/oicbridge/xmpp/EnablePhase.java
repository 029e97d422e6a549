package org.oicbridge.xmpp;

import java.util.function.Consumer;

/**
 * Enables stream management on a stream that is just bound (XEP-0198 section 3). Peers that know
 * the full JID may be heard already.
 */
final class EnablePhase implements Phase {
  private final Phase stanzas;
  private final Consumer<Element> answered;

  private EnablePhase(Phase stanzas, Consumer<Element> answered) {
    this.stanzas = stanzas;
    this.answered = answered;
  }

  /**
   * Asks for it.
   *
   * @param stanzas takes what is not the answer
   * @param answered is handed {@code <enabled/>} or {@code <failed/>}
   */
  static void begin(XmppStream stream, Phase stanzas, Consumer<Element> answered) {
    stream.hand(new EnablePhase(stanzas, answered));
    stream.send(SmElements.enable());
  }

  @Override
  public void stanza(Element element) {
    if (element.namespace().equals(SmElements.NAMESPACE)) {
      answered.accept(element);
    } else {
      stanzas.stanza(element);
    }
  }
}
