package org.oicbridge.bus;

import org.oicbridge.config.AccountConfig;
import org.oicbridge.crudn.DeviceId;

/**
 * Tells a shard to serve an account, or to serve it with another login from now on. Its devices
 * come with {@link HostDevices}.
 *
 * @param account how to log in, and who may reach its devices; the devices in it are not looked at
 * @param gatewayId the identifier that the gateway's own session on this account binds with
 */
public record HostAccount(AccountConfig account, DeviceId gatewayId) {}
