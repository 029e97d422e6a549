package org.oicbridge.bus;

import org.oicbridge.crudn.Jid;

/**
 * A hosted device has begun to answer, or answers no more.
 *
 * @param account the bare JID of its account
 * @param device as it was hosted when it was asked
 * @param answering whether it answers
 */
public record DeviceLiveness(Jid account, HostedDevice device, boolean answering) {}
