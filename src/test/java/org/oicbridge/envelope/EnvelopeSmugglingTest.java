package org.oicbridge.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.oicbridge.envelope.Documents.readOne;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer writes goes on by its meaning only, and costs no more than it is long. */
@Timeout(30)
class EnvelopeSmugglingTest {
  private static final String SECOND =
      "</json></body></rest><rest><url method='DELETE'>/b</url></rest>";
  private static final int MEGABYTE = 1 << 20;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<![CDATA[{\"a\":\"" + SECOND + "\"}]]>",
        "{\"a\":\"&lt;/json>&lt;/body>&lt;/rest>&lt;rest>&lt;url method='DELETE'>/b&lt;/url>"
            + "&lt;/rest>\"}",
        "{\"a\":\"&#60;/json&#x3e;<![CDATA[</body></rest><rest>]]><!-- c --><?p i?>&lt;url"
            + " method='DELETE'>/b&#x3C;/url>&#60;/rest>\"}"
      })
  void content_thatLooksLikeMarkupStaysContent(String json) throws EnvelopeException {
    Envelope.Request read = (Envelope.Request) readOne(Documents.update(json));
    assertThat(read.body()).isEqualTo("{\"a\":\"" + SECOND + "\"}");

    byte[] written = EnvelopeWriter.write(read);
    assertThat(new String(written, StandardCharsets.UTF_8))
        .doesNotContain("CDATA")
        .doesNotContain("<!--")
        .doesNotContain("<?")
        .doesNotContain("DELETE'>")
        .containsOnlyOnce("<rest");
    assertThat(readOne(written)).isEqualTo(read);
  }

  @Test
  void names_thatStandInAnotherNamespaceAreWrittenInOurs() throws EnvelopeException {
    Envelope read =
        readOne(
            "<x:rest xmlns:x='rest.oic.org' xmlns:y='urn:y' y:method='DELETE'>"
                + "<x:url method='POST'>/a</x:url><y:junk><y:url/></y:junk>"
                + "<x:body><x:json>1</x:json></x:body></x:rest>");
    assertThat(new String(EnvelopeWriter.write(read), StandardCharsets.UTF_8))
        .isEqualTo(
            "<rest xmlns=\"rest.oic.org\"><url method=\"POST\">/a</url>"
                + "<body><json xmlns=\"urn:xmpp:json:0\">1</json></body></rest>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><rest>&b;</rest>",
        "<rest>&a;&b;</rest>",
        "<!DOCTYPE r SYSTEM 'file:///dev/zero'><rest/>"
      })
  void bomb_takesLessThanAMegabyte(String bomb) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // The first one loads classes.
    refuse(bomb);
    long before = threads.getCurrentThreadAllocatedBytes();
    refuse(bomb);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MEGABYTE);
  }

  private static void refuse(String document) {
    try {
      readOne(document);
    } catch (EnvelopeException e) {
      return;
    }
    throw new AssertionError("it was taken");
  }
}
