package org.oicbridge.gatling;

import io.gatling.core.protocol.Protocol;
import java.nio.file.Path;
import java.time.Duration;
import org.oicbridge.config.AccountConfig.Tls;

/**
 * What all virtual users of a simulation have in common.
 *
 * @param host of the XMPP server
 * @param port of the XMPP server
 * @param tls how the streams are secured
 * @param trust PEM file of certificate authorities beside those of the system, or null
 * @param deviceType the device type in the full JIDs that the virtual users bind
 * @param timeout for logins, and for requests that have none of their own
 */
record OicProtocol(String host, int port, Tls tls, Path trust, String deviceType, Duration timeout)
    implements Protocol {}
