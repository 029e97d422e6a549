package org.oicbridge.bus;

import org.oicbridge.crudn.Secret;

/**
 * A key that a device and the gateway share (RFC 4279).
 *
 * @param identity what the client calls it in the handshake, at most 128 bytes of UTF-8
 * @param secret 1 to 64 bytes
 */
public record PreSharedKey(String identity, Secret secret) {}
