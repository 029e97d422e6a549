package org.oicbridge.doctor;

import org.oicbridge.crudn.Jid;

/** The account is somebody's who is online, so nothing is probed with it. */
public final class AccountBusyException extends Exception {
  AccountBusyException(Jid session) {
    super(
        "another session of the account is online: " + session + "; --probe needs a test account");
  }
}
