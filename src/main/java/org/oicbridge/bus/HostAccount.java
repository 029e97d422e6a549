package org.oicbridge.bus;

import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.DeviceId;

/**
 * Tells a shard to serve an account and its devices.
 *
 * @param account the account with its devices
 * @param clientId the identifier that the gateway's own session on this account binds with
 */
public record HostAccount(AccountConfig account, DeviceId clientId) {}
