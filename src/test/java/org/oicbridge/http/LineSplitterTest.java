package org.oicbridge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private static void drain(LineSplitter splitter, List<String> into) {
    for (LineSplitter.Line line = splitter.next(); line != null; line = splitter.next()) {
      String text = line.bytes() == null ? "too long" : line.bytes().toString(UTF_8);
      into.add(line.number() + ":" + text);
    }
  }

  @Property(tries = 300)
  void lines_areTheSameHoweverTheyArrive(
      @ForAll @StringLength(max = 60) @Chars({'a', 'b', '\n', '\r'}) String text,
      @ForAll @IntRange(min = 1, max = 9) int chunk) {
    LineSplitter splitter = new LineSplitter(5);
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < text.length(); i += chunk) {
      splitter.feed(Buffer.buffer(text.substring(i, Math.min(text.length(), i + chunk))));
      drain(splitter, seen);
    }
    splitter.end();
    drain(splitter, seen);

    List<String> expected = new ArrayList<>();
    List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
    if (lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    for (String line : lines) {
      expected.add(expected.size() + 1 + ":" + (line.length() > 5 ? "too long" : line));
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void feed_keepsWhatWasNotTakenYet() {
    LineSplitter splitter = new LineSplitter(5);
    splitter.feed(Buffer.buffer("a\nb\nc"));
    assertThat(splitter.next().bytes()).hasToString("a");
    splitter.feed(Buffer.buffer("d\n"));
    List<String> seen = new ArrayList<>();
    drain(splitter, seen);
    assertThat(seen).containsExactly("2:b", "3:cd");
  }
}
