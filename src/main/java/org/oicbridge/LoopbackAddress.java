package org.oicbridge;

import java.net.InetAddress;
import java.net.UnknownHostException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a part of the demo or of a simulation listens. Only loopback is taken: the passwords are
 * public.
 *
 * @param host a loopback address or name
 * @param port 0 to 65535
 */
record LoopbackAddress(String host, int port) {
  static final class Converter implements ITypeConverter<LoopbackAddress> {
    @Override
    public LoopbackAddress convert(String text) {
      int colon = text.lastIndexOf(':');
      try {
        int port = Integer.parseInt(text.substring(colon + 1));
        String host = text.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", "");
        if (colon > 0 && port >= 0 && port <= 65_535) {
          if (InetAddress.getByName(host).isLoopbackAddress()) {
            return new LoopbackAddress(host, port);
          }
          throw new TypeConversionException(
              "'" + host + "' is not a loopback address; only this machine is served");
        }
      } catch (NumberFormatException | UnknownHostException e) {
        // told below
      }
      throw new TypeConversionException("'" + text + "', expected HOST:PORT with a port to 65535");
    }
  }
}
