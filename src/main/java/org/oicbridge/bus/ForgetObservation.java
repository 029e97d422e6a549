package org.oicbridge.bus;

/**
 * The end of an observation; one that is not there is as good as ended.
 *
 * @param observation the name that it was made under
 */
public record ForgetObservation(String observation) {}
