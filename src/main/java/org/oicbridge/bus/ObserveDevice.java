package org.oicbridge.bus;

/**
 * An observation of a device behind CoAP.
 *
 * @param ask the device and the retrieve
 * @param observation the name that its {@link Notification}s carry, unique in the shard
 */
public record ObserveDevice(DeviceRequest ask, String observation) {}
