package org.oicbridge.crudn;

/**
 * Why the gateway itself, not the device, ended a request. It becomes a problem document over HTTP
 * (RFC 9457) and an {@code {"error": …}} body elsewhere.
 *
 * @param type stable name in kebab case, such as {@code device-silent}; docs/errors.md lists all
 * @param detail one sentence for the caller, without anything internal
 */
public record Problem(String type, String detail) {}
