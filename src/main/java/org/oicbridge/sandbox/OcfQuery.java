package org.oicbridge.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;

/**
 * What the Uri-Query options of a request ask for.
 *
 * @param via the interface that the client named, or the resource's default one
 * @param types the {@code rt} that links are to have, empty for any
 */
record OcfQuery(OcfInterface via, List<String> types) {

  /** Reads the options; {@code &} and {@code ;} both separate, as IoTivity has it. */
  static OcfQuery read(List<String> options, List<OcfInterface> offered) throws Refusal {
    Optional<String> via = Optional.empty();
    List<String> types = new ArrayList<>();
    for (String option : options) {
      for (String parameter : option.split("[&;]", -1)) {
        if (parameter.startsWith("rt=")) {
          types.add(parameter.substring(3));
        } else if (parameter.startsWith("if=")) {
          if (via.isPresent()) {
            throw new Refusal(ResponseCode.BAD_REQUEST, "more than one \"if\" in the query");
          }
          via = Optional.of(parameter.substring(3));
        }
      }
    }
    return new OcfQuery(
        via.isEmpty() ? offered.get(0) : choose(via.get(), offered), List.copyOf(types));
  }

  private static OcfInterface choose(String name, List<OcfInterface> offered) throws Refusal {
    return OcfInterface.named(name)
        .filter(offered::contains)
        .orElseThrow(
            () ->
                new Refusal(
                    ResponseCode.FORBIDDEN,
                    "interface \"" + name + "\" is not one of " + texts(offered)));
  }

  static List<String> texts(List<OcfInterface> interfaces) {
    return interfaces.stream().map(OcfInterface::text).toList();
  }
}
