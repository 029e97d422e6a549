package org.oicbridge.sandbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.oicbridge.crudn.Jid;

/** Counts the logins to each account, and refuses those that a test wants refused. */
final class Logins {
  /** Refusals that a test has asked for. */
  private static final class LoginRefusal {
    private final Jid account;
    private final String condition;
    private int times;

    LoginRefusal(Jid account, String condition, int times) {
      this.account = account;
      this.condition = condition;
      this.times = times;
    }

    boolean isFor(Jid one) {
      return account == null || account.equals(one);
    }
  }

  private final Counts counts;
  private final Map<Jid, ServerCounters.Logins> byAccount = new HashMap<>();
  private final List<LoginRefusal> refusals = new ArrayList<>();

  Logins(Counts counts) {
    this.counts = counts;
  }

  /** A client wants to log in to an account that there is. */
  void tried(Jid account) throws SaslFailure {
    count(account, 1, 0);
    for (Iterator<LoginRefusal> all = refusals.iterator(); all.hasNext(); ) {
      LoginRefusal refusal = all.next();
      if (refusal.isFor(account)) {
        if (--refusal.times == 0) {
          all.remove();
        }
        throw new SaslFailure(refusal.condition);
      }
    }
  }

  void failed(Jid account) {
    count(account, 0, 1);
  }

  private void count(Jid account, long tried, long failed) {
    ServerCounters.Logins before = byAccount.getOrDefault(account, ServerCounters.Logins.NONE);
    byAccount.put(
        account, new ServerCounters.Logins(before.tried() + tried, before.failed() + failed));
    counts.changed();
  }

  Map<Jid, ServerCounters.Logins> byAccount() {
    return Map.copyOf(byAccount);
  }

  /**
   * Refuses logins from now on, after those that were asked for before.
   *
   * @param account whose, null for everybody's
   * @param times how many, less than 1 for all
   */
  void refuse(Jid account, String condition, int times) {
    refusals.add(new LoginRefusal(account, condition, Math.max(times, 0)));
  }

  /** Refuses nobody any more. */
  void allow() {
    refusals.clear();
  }
}
