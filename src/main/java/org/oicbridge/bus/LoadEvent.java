package org.oicbridge.bus;

/**
 * The process has too little memory left for new work, or has enough again.
 *
 * @param overloaded whether new work is to be refused
 */
public record LoadEvent(boolean overloaded) {}
