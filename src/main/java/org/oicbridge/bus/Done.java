package org.oicbridge.bus;

/** The answer of a contract that has nothing to tell but that it was taken. */
public record Done() {}
