package org.oicbridge;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.oicbridge.config.AccountConfig.Tls;
import org.oicbridge.crudn.Jid;
import org.oicbridge.doctor.AccountBusyException;
import org.oicbridge.doctor.CheckOrder;
import org.oicbridge.doctor.Report;
import org.oicbridge.doctor.ServerCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Looks at an XMPP server and tells what of it a fleet can't live with.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:a fleet can run", "1:something must be changed", "2:called wrongly"})
final class DoctorCommand implements Callable<Integer> {
  private static final int DIRECT_PORT = 5223;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "HOST[:PORT]",
      description = "The server; without a port the SRV records of its domain are asked.")
  private String server;

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      description = "The XMPP domain (that of the account, else the host).")
  private String domain;

  @Option(
      names = "--tls",
      paramLabel = "HOW",
      description = "starttls, direct, or none towards loopback (starttls, with port 5223 direct).")
  private String tls;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "PEM file of certificate authorities to trust beside those of Java.")
  private Path trust;

  @Option(
      names = "--account",
      paramLabel = "USER@DOMAIN",
      description = "Logs in once and sees more; needs the password.")
  private String account;

  @Option(
      names = "--password-env",
      paramLabel = "NAME",
      description = "Environment variable with the account's password.")
  private String passwordVariable;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "File with the account's password.")
  private Path passwordFile;

  @Option(
      names = "--probe",
      description =
          "Measures rate, largest stanza and sessions per account; needs a test account that"
              + " nobody uses, opens up to 25 sessions and takes up to three minutes.")
  private boolean probe;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json (${DEFAULT-VALUE}).")
  private String output;

  @Override
  public Integer call() {
    boolean json = output.equals("json");
    if (!json && !output.equals("text")) {
      throw wrong("-o is \"" + output + "\", expected text or json");
    }
    CheckOrder order = order();
    Vertx vertx = Vertx.vertx(Gateway.vertxOptions());
    try {
      Report report = ServerCheck.run(vertx, order);
      spec.commandLine().getOut().println(json ? report.json().encodePrettily() : report.text());
      return report.fit() ? 0 : 1;
    } catch (AccountBusyException e) {
      spec.commandLine().getErr().println("oic-bridge: " + e.getMessage());
      return 2;
    } finally {
      vertx.close();
    }
  }

  private CheckOrder order() {
    String host = server;
    int port = 0;
    int colon = server.lastIndexOf(':');
    // A bare IPv6 address has colons of its own; with a port it stands in brackets.
    if (colon >= 0 && (server.indexOf(':') == colon || server.charAt(colon - 1) == ']')) {
      host = server.substring(0, colon);
      port = port(server.substring(colon + 1));
    }
    host = host.replaceAll("^\\[|]$", "");
    if (host.isEmpty()) {
      throw wrong("the server is \"" + server + "\", expected HOST[:PORT]");
    }
    Jid jid = account == null ? null : account();
    String of = domain != null ? domain : jid != null ? jid.domain() : host;
    Tls how = tls(port);
    if (how == Tls.NONE && !isLoopback(host)) {
      throw wrong("--tls is none, which is for loopback only, and the host is \"" + host + "\"");
    }
    if (trust != null && !Files.isReadable(trust)) {
      throw wrong("--trust is \"" + trust + "\", which can't be read");
    }
    return new CheckOrder(host, port, domainOf(of), how, trust, jid, password(), probe);
  }

  private int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw wrong("the port is \"" + text + "\", expected 1 to 65535");
  }

  private Tls tls(int port) {
    if (tls == null) {
      return port == DIRECT_PORT ? Tls.DIRECT : Tls.STARTTLS;
    }
    return switch (tls.toLowerCase(Locale.ROOT)) {
      case "starttls" -> Tls.STARTTLS;
      case "direct" -> Tls.DIRECT;
      case "none" -> Tls.NONE;
      default -> throw wrong("--tls is \"" + tls + "\", expected starttls, direct or none");
    };
  }

  private Jid account() {
    Jid jid = null;
    try {
      jid = Jid.parse(account);
    } catch (IllegalArgumentException e) {
      // told below
    }
    if (jid == null || !jid.isBare() || jid.local().isEmpty()) {
      throw wrong("--account is \"" + account + "\", expected user@domain");
    }
    if (domain != null && !jid.domain().equals(domainOf(domain))) {
      throw wrong("--account is \"" + account + "\", which is not of the domain " + domain);
    }
    return jid;
  }

  private String domainOf(String text) {
    try {
      Jid jid = Jid.parse(text);
      if (jid.isBare() && jid.local().isEmpty()) {
        return jid.domain();
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw wrong("\"" + text + "\" is not a domain: give one by --domain");
  }

  private String password() {
    int given = (passwordVariable == null ? 0 : 1) + (passwordFile == null ? 0 : 1);
    if (account == null) {
      if (given > 0 || probe) {
        throw wrong((probe ? "--probe" : "a password") + " needs --account");
      }
      return null;
    }
    if (given != 1) {
      throw wrong("--account needs --password-env or --password-file, one of them");
    }
    try {
      String password =
          passwordVariable != null
              ? System.getenv(passwordVariable)
              : Files.readString(passwordFile).strip();
      if (password != null && !password.isEmpty()) {
        return password;
      }
    } catch (IOException e) {
      throw wrong("--password-file is \"" + passwordFile + "\", which can't be read");
    }
    throw wrong(
        passwordVariable != null
            ? "the variable " + passwordVariable + " is not set"
            : "--password-file is empty");
  }

  private static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
