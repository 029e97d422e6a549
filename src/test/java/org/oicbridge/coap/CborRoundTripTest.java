package org.oicbridge.coap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CborRoundTripTest {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CBORMapper CBOR = new CBORMapper();

  @Provide
  Arbitrary<JsonNode> trees() {
    Arbitrary<JsonNode> scalars =
        Arbitraries.oneOf(
            Arbitraries.longs().map(NODES::numberNode),
            Arbitraries.doubles().filter(d -> d != 0).map(NODES::numberNode),
            text().map(NODES::textNode),
            Arbitraries.of(NODES.nullNode(), NODES.booleanNode(true), NODES.booleanNode(false)));
    return Arbitraries.recursive(() -> scalars, this::nested, 0, 3);
  }

  private static Arbitrary<String> text() {
    return Arbitraries.strings()
        .ofMaxLength(12)
        .filter(s -> s.codePoints().noneMatch(c -> c >= 0xd800 && c < 0xe000));
  }

  private Arbitrary<JsonNode> nested(Arbitrary<JsonNode> inner) {
    Arbitrary<JsonNode> maps =
        Arbitraries.maps(text(), inner).ofMaxSize(3).map(CborRoundTripTest::object);
    // Of one type each, since numbers of both kinds become floats.
    Arbitrary<JsonNode> arrays =
        inner.list().ofMaxSize(3).map(list -> NODES.arrayNode().addAll(sameKind(list)));
    return Arbitraries.oneOf(maps, arrays);
  }

  private static JsonNode object(Map<String, JsonNode> members) {
    ObjectNode node = NODES.objectNode();
    node.setAll(members);
    return node;
  }

  private static List<JsonNode> sameKind(List<JsonNode> list) {
    return list.stream()
        .filter(n -> n.getNodeType() == list.get(0).getNodeType())
        .filter(n -> n.isIntegralNumber() == list.get(0).isIntegralNumber())
        .toList();
  }

  @Property(tries = 200)
  void jsonToCborAndBack_isTheSame(@ForAll("trees") JsonNode tree)
      throws RequestFailed, BadCborException, JsonProcessingException {
    byte[] cbor = JsonBody.toCbor(tree.toString());

    assertThat(JSON.readTree(CborReader.toJson(cbor))).isEqualTo(JSON.readTree(tree.toString()));
  }

  @Property(tries = 200)
  void cbor_isWhatAnotherReaderUnderstands(@ForAll("trees") JsonNode tree)
      throws RequestFailed, IOException {
    byte[] cbor = JsonBody.toCbor(tree.toString());

    assertThat(JSON.readTree(CBOR.readTree(cbor).toString()))
        .isEqualTo(JSON.readTree(tree.toString()));
  }

  @Property(tries = 200)
  void cborOfAnotherWriter_isUnderstood(@ForAll("trees") JsonNode tree)
      throws IOException, BadCborException {
    byte[] cbor = CBOR.writeValueAsBytes(tree);

    assertThat(JSON.readTree(CborReader.toJson(cbor))).isEqualTo(JSON.readTree(tree.toString()));
  }

  @Property(tries = 1000)
  void float32_printsInItsOwnWidth(@ForAll int bits) throws BadCborException {
    byte[] cbor = ByteBuffer.allocate(5).put((byte) 0xfa).putInt(bits).array();
    float value = Float.intBitsToFloat(bits);

    String json = CborReader.toJson(cbor);

    if (Float.isFinite(value)) {
      assertThat(Float.parseFloat(json)).isEqualTo(value);
      assertThat(json).contains(".").hasSizeLessThanOrEqualTo(15);
    } else {
      assertThat(json).isEqualTo("null");
    }
  }
}
