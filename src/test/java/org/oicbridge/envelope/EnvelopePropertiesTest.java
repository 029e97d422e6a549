package org.oicbridge.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.oicbridge.crudn.Headers;
import org.oicbridge.crudn.Operation;
import org.oicbridge.crudn.ResourcePath;
import org.oicbridge.crudn.Status;
import org.oicbridge.fuzz.Fuzz;

/** What holds for every envelope and for every input. */
class EnvelopePropertiesTest {
  @Property(tries = 500)
  void envelope_isReadAsItWasWritten(
      @ForAll("envelopes") Envelope envelope, @ForAll boolean doubleEncoded)
      throws EnvelopeException {
    byte[] document = EnvelopeWriter.write(envelope, doubleEncoded);
    EnvelopeReader reader = new EnvelopeReader(Documents.LIMIT);
    assertThat(reader.feed(document)).isEqualTo(List.of(envelope));
    assertThat(reader.doubleEncoded()).isEqualTo(doubleEncoded);
    List<byte[]> twice = new ArrayList<>(List.of(Documents.bytes(document)));
    twice.add(document);
    assertThat(Documents.read(twice.toArray(byte[][]::new))).containsExactly(envelope, envelope);
  }

  @Provide
  Arbitrary<Envelope> envelopes() {
    Arbitrary<Envelope> requests =
        Combinators.combine(
                Arbitraries.of(Operation.class), authorities(), paths(), headers(), bodies())
            .as(Envelope.Request::new);
    Arbitrary<Envelope> responses =
        Combinators.combine(Arbitraries.of(Status.class), headers(), bodies())
            .as(Envelope.Response::new);
    return Arbitraries.oneOf(requests, responses);
  }

  private static Arbitrary<String> authorities() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .numeric()
        .withChars("-.&")
        .ofMaxLength(40)
        .map(text -> text.toLowerCase(Locale.ROOT));
  }

  private static Arbitrary<ResourcePath> paths() {
    Arbitrary<String> part =
        Arbitraries.strings()
            .all()
            .ofMinLength(1)
            .ofMaxLength(20)
            .map(EnvelopePropertiesTest::unicode)
            .filter(text -> !text.matches("\\.\\.?"));
    return Combinators.combine(part.list().ofMaxSize(4), part.list().ofMaxSize(3))
        .as(ResourcePath::new);
  }

  private static Arbitrary<Headers> headers() {
    Arbitrary<String> names =
        Arbitraries.strings().alpha().withChars("-&'").ofMinLength(1).ofMaxLength(30);
    Arbitrary<String> values =
        Arbitraries.strings()
            .withCharRange(' ', '~')
            .withCharRange('\u00a1', '\ud7ff')
            .ofMaxLength(30);
    return Combinators.combine(names, values)
        .as(Headers::of)
        .list()
        .ofMaxSize(5)
        .map(
            list -> {
              Headers[] all = {Headers.NONE};
              list.forEach(one -> one.forEach((name, value) -> all[0] = all[0].with(name, value)));
              return all[0];
            });
  }

  private static Arbitrary<String> bodies() {
    return Arbitraries.strings()
        .all()
        .ofMaxLength(50)
        .map(text -> "{\"a\":\"" + escaped(unicode(text)) + "\",\"b\":[1.5,true,null]}")
        .injectNull(0.2);
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c != '"' && c != '\\' && c < '\ufffe';
      out.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return out.toString();
  }

  /** Without lone surrogates, which UTF-8 can't hold. */
  private static String unicode(String text) {
    return text.replaceAll("\\p{Cs}", "x");
  }

  @Test
  void mutatedDocuments_neverBreakTheReader() {
    assertThat(Fuzz.run(new EnvelopeFuzz(), 20_000, 1)).isZero();
  }
}
