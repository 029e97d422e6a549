package org.oicbridge.bus;

/**
 * A resource of the gateway itself has a new representation.
 *
 * @param path with a leading slash, such as {@code /oic/res}
 */
public record OwnChange(String path) {}
