package org.oicbridge.bench;

import java.util.concurrent.Callable;
import org.oicbridge.bench.LoginsCommand.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Logs sessions in and out again and again; what the logins take is measured. */
@Command(name = "logins-child", hidden = true)
final class LoginsChild implements Callable<Integer> {
  @Option(names = "--subject", required = true)
  private Subject subject;

  @Mixin private Site site;

  @Option(names = "--sessions", required = true)
  private int sessions;

  @Option(names = "--warm-up", required = true)
  private int warmUp;

  @Option(names = "--logins", required = true)
  private int logins;

  /** Somebody who can log in and out. */
  interface Sessions {
    /** Whatever has to be done once. */
    void prepare() throws Exception;

    /** Logs all in; returns when all are bound. */
    void login() throws Exception;

    /** Logs all out; returns when that is done. */
    void logout() throws Exception;
  }

  @Override
  public Integer call() throws Exception {
    Sessions all =
        switch (subject) {
          case GATEWAY -> new GatewayLogins(site, sessions);
          case SMACK -> new SmackSessions(site, sessions);
        };
    all.prepare();
    for (int done = 0; done < warmUp; done += sessions) {
      all.login();
      all.logout();
    }
    int done = 0;
    long cpu = 0;
    long serverCpu = 0;
    long nanos = 0;
    while (done < logins) {
      long startCpu = Cpu.own();
      long startServer = Cpu.of(site.server);
      long start = System.nanoTime();
      all.login();
      nanos += System.nanoTime() - start;
      cpu += Cpu.own() - startCpu;
      serverCpu += Cpu.of(site.server) - startServer;
      done += sessions;
      all.logout();
    }
    System.out.println(
        new Result()
            .with("subject", subject)
            .with("tls", site.tls)
            .with("logins", done)
            .with("cpuMicros", cpu / 1e3 / done)
            .with("serverCpuMicros", serverCpu / 1e3 / done)
            .with("perSecond", done * 1e9 / nanos));
    return 0;
  }
}
