package org.oicbridge.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.oicbridge.bus.SessionRole;

class CapabilitiesTest {
  private static final String FORM = "jabber:x:data";

  private static Element.Builder query() {
    return Element.named("query", Capabilities.INFO);
  }

  private static Element identity(String category, String type, String lang, String name) {
    return Element.named("identity", Capabilities.INFO)
        .attribute("category", category)
        .attribute("type", type)
        .attribute("xml:lang", lang)
        .attribute("name", name)
        .build();
  }

  private static Element feature(String name) {
    return Element.named("feature", Capabilities.INFO).attribute("var", name).build();
  }

  private static Element field(String name, String... values) {
    Element.Builder field = Element.named("field", FORM).attribute("var", name);
    for (String value : values) {
      field.child(Element.named("value", FORM).text(value).build());
    }
    return field.build();
  }

  private static Element.Builder features(Element.Builder query) {
    return query
        .child(feature("http://jabber.org/protocol/disco#items"))
        .child(feature("http://jabber.org/protocol/caps"))
        .child(feature("http://jabber.org/protocol/disco#info"))
        .child(feature("http://jabber.org/protocol/muc"));
  }

  @Test
  void hash_isTheOneOfTheXep() {
    // XEP-0115 section 5.2
    Element simple =
        features(query().child(identity("client", "pc", null, "Exodus 0.9.1"))).build();
    assertThat(Capabilities.hash(simple, "sha-1")).isEqualTo("QgayPKawpkPSDYmwT/WM94uAlu0=");
    // XEP-0115 section 5.3
    Element complex =
        features(
                query()
                    .child(identity("client", "pc", "en", "Psi 0.11"))
                    .child(identity("client", "pc", "el", "\u03a8 0.11")))
            .child(
                Element.named("x", FORM)
                    .child(field("FORM_TYPE", "urn:xmpp:dataforms:softwareinfo"))
                    .child(field("ip_version", "ipv4", "ipv6"))
                    .child(field("os", "Mac"))
                    .child(field("os_version", "10.5.1"))
                    .child(field("software", "Psi"))
                    .child(field("software_version", "0.11"))
                    .build())
            .build();
    assertThat(Capabilities.hash(complex, "sha-1")).isEqualTo("q07IKJEyjvHSyhy//CH0CxmKi8w=");
  }

  @Test
  void hash_isNoneOfWhatIsIllFormed() {
    // XEP-0115 section 5.4
    assertThat(Capabilities.hash(query().child(feature("a")).child(feature("a")).build(), "sha-1"))
        .isNull();
    Element twice = identity("a", "b", null, null);
    assertThat(Capabilities.hash(query().child(twice).child(twice).build(), "sha-1")).isNull();
    assertThat(Capabilities.hash(query().child(feature("a<b")).build(), "sha-1")).isNull();
    Element form = Element.named("x", FORM).child(field("FORM_TYPE", "t")).build();
    assertThat(Capabilities.hash(query().child(form).child(form).build(), "sha-1")).isNull();
    assertThat(Capabilities.hash(query().child("x", FORM).build(), "sha-1")).isNull();
    assertThat(Capabilities.hash(query().build(), "md2")).isNull();
    assertThat(Capabilities.hash(query().child(feature("a")).build(), "sha-256")).hasSize(44);
  }

  @Test
  void session_advertisesItsRole() {
    assertThat(Capabilities.of(SessionRole.GATEWAY).query().toXml())
        .contains("category='gateway' type='other'");
    assertThat(Capabilities.of(SessionRole.DEVICE).query().toXml())
        .contains("category='client' type='bot'");
    assertThat(Capabilities.of(SessionRole.GATEWAY).ver())
        .isNotEqualTo(Capabilities.of(SessionRole.DEVICE).ver());
  }

  @Test
  void hashOfAPresence_isKeptOnlyIfItCanBeOne() {
    assertThat(CapsCache.ver(null)).isEmpty();
    assertThat(CapsCache.ver(caps("x".repeat(128)))).hasSize(128);
    assertThat(CapsCache.ver(caps("x".repeat(129)))).isEmpty();
  }

  private static Element caps(String ver) {
    return Element.named("c", Capabilities.CAPS).attribute("ver", ver).build();
  }
}
