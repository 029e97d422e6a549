package org.oicbridge.sandbox;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three OCF devices in this process, each with a CoAP endpoint of its own (RFC 7252, OCF Core 1.0):
 *
 * <ul>
 *   <li>{@code oic.d.light} with {@code /light} (oic.r.switch.binary) and {@code /dimming}
 *       (oic.r.light.dimming, 0 to 100)
 *   <li>{@code oic.d.thermostat} with {@code /temperature} (oic.r.temperature, degrees Celsius),
 *       which changes by itself every five seconds
 *   <li>{@code oic.d.switch} with {@code /switch} (oic.r.switch.binary)
 * </ul>
 *
 * <p>All of these are observable, and each device has {@code /oic/res}, {@code /oic/d} and {@code
 * /oic/p}. They take and give content format 10000 only, as IoTivity-Lite does.
 */
public final class SimulatedDevices {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedDevices.class);
  private static final Duration TEMPERATURE_INTERVAL = Duration.ofSeconds(5);

  private final ScheduledThreadPoolExecutor executor;
  private final List<SimulatedDevice> started = new ArrayList<>();
  private ScheduledFuture<?> wandering;

  /**
   * What a client has to know of a device.
   *
   * @param di its UUID, the same at every start
   * @param rt its device type
   * @param name its name for people
   * @param endpoint {@code coap://host:port}
   */
  public record Device(String di, String rt, String name, URI endpoint) {}

  private SimulatedDevices() {
    // One thread for all devices, so that none of their state needs a lock.
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "simulated-devices");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Starts the devices; returns when their sockets are bound, so not for an event loop.
   *
   * @param host the local address that all of them listen on
   * @param port the UDP port of the light, the others follow it; 0 gives each a free one
   * @throws IllegalArgumentException when the host is unknown or no address that clients can send
   *     to, or the ports are not within 0 to 65535
   * @throws IllegalStateException when a port is taken; then none of them runs
   */
  public static SimulatedDevices start(String host, int port) {
    return start(host, port, TEMPERATURE_INTERVAL);
  }

  static SimulatedDevices start(String host, int port, Duration temperatureInterval) {
    OcfVersionOptions.register();
    InetAddress address = address(host);
    SimulatedDevices devices = new SimulatedDevices();
    try {
      devices.run(light(socket(address, port, 0)));
      devices.run(devices.thermostat(socket(address, port, 1), temperatureInterval));
      devices.run(lightSwitch(socket(address, port, 2)));
    } catch (RuntimeException e) {
      devices.stop();
      throw e;
    }
    devices.devices().forEach(one -> LOG.info("simulated {} at {}", one.rt(), one.endpoint()));
    return devices;
  }

  private static InetAddress address(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
        throw new IllegalArgumentException(
            "host \"" + host + "\" is not an address that a client can send to");
      }
      return address;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("host \"" + host + "\" is unknown", e);
    }
  }

  private static InetSocketAddress socket(InetAddress address, int first, int index) {
    return new InetSocketAddress(address, first == 0 ? 0 : first + index);
  }

  private void run(SimulatedDevice device) {
    started.add(device);
    device.start(executor);
  }

  private static SimulatedDevice light(InetSocketAddress address) {
    SimulatedDevice device =
        new SimulatedDevice(
            "0a6f1c9e-5c3b-4b7d-9a55-2f6d1b0e4a01",
            "oic.d.light",
            "Living room light",
            "7d1d4b39-6b0c-4d0a-8f0e-51c3a2f4b601",
            address);
    device.add("/light", OcfResources.binarySwitch());
    device.add("/dimming", OcfResources.dimming());
    return device;
  }

  private SimulatedDevice thermostat(InetSocketAddress address, Duration interval) {
    SimulatedDevice device =
        new SimulatedDevice(
            "0a6f1c9e-5c3b-4b7d-9a55-2f6d1b0e4a02",
            "oic.d.thermostat",
            "Hall thermostat",
            "7d1d4b39-6b0c-4d0a-8f0e-51c3a2f4b602",
            address);
    Temperature temperature = new Temperature();
    OcfProperties properties =
        OcfProperties.sensor("oic.r.temperature")
            .with("temperature", temperature.celsius())
            .with("units", "C");
    OcfResource resource = device.add("/temperature", properties);
    wandering =
        executor.scheduleAtFixedRate(
            () -> {
              properties.with("temperature", temperature.next());
              resource.changed();
            },
            interval.toMillis(),
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
    return device;
  }

  private static SimulatedDevice lightSwitch(InetSocketAddress address) {
    SimulatedDevice device =
        new SimulatedDevice(
            "0a6f1c9e-5c3b-4b7d-9a55-2f6d1b0e4a03",
            "oic.d.switch",
            "Porch switch",
            "7d1d4b39-6b0c-4d0a-8f0e-51c3a2f4b603",
            address);
    device.add("/switch", OcfResources.binarySwitch());
    return device;
  }

  /** The devices: light, thermostat, switch. */
  public List<Device> devices() {
    return started.stream().map(SimulatedDevice::describe).toList();
  }

  /** Stops all devices and frees their ports. */
  public void stop() {
    if (wandering != null) {
      wandering.cancel(false);
    }
    started.forEach(SimulatedDevice::stop);
    executor.shutdownNow();
  }
}
