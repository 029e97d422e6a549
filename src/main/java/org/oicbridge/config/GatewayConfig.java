package org.oicbridge.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * The whole of {@code conf/gateway.yaml}, which names every key, its default and its unit.
 *
 * @param dataDir where the gateway keeps what must survive a restart
 */
public record GatewayConfig(
    Path dataDir,
    HttpConfig http,
    XmppConfig xmpp,
    IbbConfig ibb,
    RoutingConfig routing,
    CoapConfig coap,
    DiscoveryConfig discovery,
    OicConfig oic,
    StoreConfig store,
    List<AccountConfig> accounts) {

  public GatewayConfig {
    accounts = List.copyOf(accounts);
  }

  /**
   * Reads and checks a file.
   *
   * @throws ConfigException with every mistake in it
   * @throws IOException when it can't be read
   */
  public static GatewayConfig read(Path file) throws IOException {
    return parse(Files.readString(file), System::getenv);
  }

  /**
   * Reads and checks the text of a file.
   *
   * @param environment gives the value of an environment variable, or null
   * @throws ConfigException with every mistake in it
   */
  public static GatewayConfig parse(String yaml, Function<String, String> environment) {
    return read(yaml, new Section.Context(environment));
  }

  static GatewayConfig read(String yaml, Section.Context context) {
    Section root = new Section(tree(yaml), "", context);
    GatewayConfig config = read(root);
    root.refuseUnknown();
    if (!context.mistakes.isEmpty()) {
      throw new ConfigException(context.mistakes);
    }
    return config;
  }

  private static JsonNode tree(String yaml) {
    YAMLMapper mapper =
        YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
    try {
      JsonNode tree = mapper.readTree(yaml);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
      // The parser's own message quotes the line, which may be the one with a password.
      String what =
          e.getCause() instanceof MarkedYAMLException marked
              ? marked.getProblem()
              : e.getOriginalMessage();
      throw new ConfigException(List.of(where + what));
    }
  }

  private static GatewayConfig read(Section root) {
    Path dataDir = root.section("data", data -> Path.of(data.text("dir", "data")));
    HttpConfig http = root.section("http", HttpConfig::read);
    XmppConfig xmpp = root.section("xmpp", XmppConfig::read);
    IbbConfig ibb = root.section("ibb", IbbConfig::read);
    RoutingConfig routing = root.section("routing", RoutingConfig::read);
    CoapConfig coap = root.section("coap", CoapConfig::read);
    DiscoveryConfig discovery = root.section("discovery", DiscoveryConfig::read);
    OicConfig oic = root.section("oic", OicConfig::read);
    StoreConfig store = root.section("store", StoreConfig::read);
    List<AccountConfig> accounts = root.list("accounts", AccountConfig::read);
    refuseDoubles(root, accounts, xmpp.sessionsPerAccount());
    if (oic.account() != null
        && accounts.stream().noneMatch(account -> oic.account().equals(account.jid()))) {
      root.mistake("oic.account", "is \"" + oic.account() + "\", which is none of the accounts");
    }
    return new GatewayConfig(
        dataDir, http, xmpp, ibb, routing, coap, discovery, oic, store, accounts);
  }

  private static void refuseDoubles(Section root, List<AccountConfig> accounts, int sessionLimit) {
    Set<Jid> jids = new HashSet<>();
    for (int i = 0; i < accounts.size(); i++) {
      AccountConfig account = accounts.get(i);
      String at = "accounts[" + i + "]";
      if (account.jid() != null && !jids.add(account.jid())) {
        root.mistake(at + ".jid", "is \"" + account.jid() + "\", which stands above already");
      }
      Set<DeviceId> ids = new HashSet<>();
      for (int j = 0; j < account.devices().size(); j++) {
        DeviceId di = account.devices().get(j).di();
        if (di != null && !ids.add(di)) {
          root.mistake(
              at + ".devices[" + j + "].di", "is \"" + di + "\", which stands above already");
        }
      }
      int sessions = account.devices().size() + 1;
      if (sessionLimit > 0 && sessions > sessionLimit) {
        root.mistake(
            at + ".devices",
            "need "
                + sessions
                + " sessions with the gateway's own, xmpp.sessionsPerAccount allows "
                + sessionLimit);
      }
    }
  }
}
