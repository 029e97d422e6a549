package org.oicbridge.bus;

import org.oicbridge.crudn.Problem;
import org.oicbridge.crudn.Status;

/**
 * What became of a change to an account.
 *
 * @param status how it ended
 * @param account the account as it is now, or null when there is none
 * @param problem why it was refused, or null
 */
public record AccountOutcome(Status status, AccountView account, Problem problem) {
  public static AccountOutcome done(Status status, AccountView account) {
    return new AccountOutcome(status, account, null);
  }

  public static AccountOutcome refused(Status status, String type, String detail) {
    return new AccountOutcome(status, null, Problem.of(status, type, detail));
  }
}
