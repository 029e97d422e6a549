package org.oicbridge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** conf/gateway.yaml is the reference, so it must name what is read and nothing else. */
class GatewayYamlTest {
  private static final Path FILE = Path.of("conf", "gateway.yaml");

  @Test
  void file_hasTheDefaults() throws IOException {
    assertThat(GatewayConfig.read(FILE)).isEqualTo(GatewayConfig.parse("", name -> null));
  }

  @Test
  void file_hasTheKeysThatAreRead() throws IOException {
    String all = withCommentedKeys();
    Section.Context context = new Section.Context(name -> "x");
    // It names both ways to give a password, and files that aren't there.
    assertThatThrownBy(() -> GatewayConfig.read(all, context)).isInstanceOf(ConfigException.class);
    assertThat(context.mistakes).noneMatch(mistake -> mistake.contains("is not a key here"));
    Set<String> keys = new TreeSet<>();
    collect(new YAMLMapper().readTree(all), "", keys);
    assertThat(keys).isEqualTo(new TreeSet<>(context.keys));
  }

  @Test
  void file_explainsEveryValue() throws IOException {
    assertThat(withCommentedKeys().lines())
        .filteredOn(line -> line.matches(" +(- )?[A-Za-z]+: .*"))
        .allSatisfy(line -> assertThat(line).contains(" # "));
  }

  @Test
  void exampleAccount_isValid() throws IOException {
    String all =
        withCommentedKeys()
            .replaceAll("(?m)^ *(passwordFile|certificate|keyFile|trust):.*$", "")
            .replaceAll("(?m)^ *key: \\w+\\.key.*$", "")
            // An identity has one proof, and the example has one of each.
            .replaceAll(
                "(?s)\n *(certificate: +#|subject:|oscore:).*?\ndiscovery:", "\ndiscovery:");
    String secret = "0123456789abcdef";
    GatewayConfig config = GatewayConfig.parse(all, name -> secret);
    assertThat(config.http().token()).isEqualTo(secret);
    AccountConfig account = config.accounts().get(0);
    assertThat(account.password()).isEqualTo(secret);
    assertThat(account.access().get(0).jid()).hasToString("friend@example.com");
    assertThat(account.devices().get(0).rt()).isEqualTo("oic.d.light");
    assertThat(config.coap().server().identities().get(0).id()).isEqualTo("psk:kitchen");
    assertThat(config.discovery().adopt().get(0).account()).isEqualTo(account.jid());
  }

  /** A key without a default stands behind a hash and at least two blanks. */
  private static String withCommentedKeys() throws IOException {
    return Files.readString(FILE)
        .replaceAll("(accounts|identities|adopt): \\[]", "$1:")
        .replaceAll("(?m)^#(?=  )", "");
  }

  private static void collect(JsonNode node, String path, Set<String> keys) {
    node.fields()
        .forEachRemaining(
            field -> {
              String key = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
              keys.add(key);
              collect(field.getValue(), key, keys);
            });
    if (node.isArray()) {
      node.forEach(element -> collect(element, path + "[]", keys));
    }
  }
}
