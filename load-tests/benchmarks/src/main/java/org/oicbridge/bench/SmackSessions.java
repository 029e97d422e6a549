package org.oicbridge.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;

/** Smack's sessions, as many at once as the gateway logs in. */
final class SmackSessions implements LoginsChild.Sessions {
  private static final int AT_ONCE = 32;

  private final SmackLogins logins;
  private final int accounts;
  private final int sessions;
  private final ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE);
  private final List<XMPPTCPConnection> open = new ArrayList<>();

  SmackSessions(Site site, int sessions) throws Exception {
    this.logins = new SmackLogins(site);
    this.accounts = site.accounts;
    this.sessions = sessions;
  }

  @Override
  public void prepare() throws Exception {
    // Its keys are kept for ten accounts in the whole process, from the first login on.
    for (int i = 0; i < accounts; i++) {
      connect(i, "OIC/1.0/oic.d.light/10000000-0000-4000-8000-%012x".formatted(i));
    }
  }

  private XMPPTCPConnection connect(int number, String resource) throws Exception {
    XMPPTCPConnection connection = logins.connection(number % accounts, resource);
    connection.connect();
    connection.login();
    return connection;
  }

  @Override
  public void login() throws Exception {
    List<Future<XMPPTCPConnection>> all = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      int number = i;
      all.add(
          workers.submit(
              () ->
                  connect(
                      number,
                      "OIC/1.0/oic.d.light/00000000-0000-4000-8000-%012x".formatted(number))));
    }
    for (Future<XMPPTCPConnection> one : all) {
      open.add(one.get());
    }
  }

  @Override
  public void logout() throws Exception {
    List<Future<?>> all = new ArrayList<>();
    for (XMPPTCPConnection connection : open) {
      all.add(workers.submit(() -> connection.disconnect()));
    }
    for (Future<?> one : all) {
      one.get();
    }
    open.clear();
  }
}
