package org.oicbridge.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.oicbridge.crudn.CrudnRequest.Via;
import org.oicbridge.crudn.DeviceId;
import org.oicbridge.crudn.Jid;
import org.oicbridge.crudn.ResourcePath;

/**
 * What a request target under {@code /api/v1/devices/{di}/resources/} names. It is read from the
 * raw target, so that an escaped slash stays inside its path segment.
 *
 * @param di the device
 * @param account the account that {@code ?account=} gives, or null
 * @param path the resource, with those query parameters that are not the API's own
 * @param via how to reach the device
 */
record ResourceTarget(DeviceId di, Jid account, ResourcePath path, Via via) {
  private static final String ACCOUNT = "account";
  private static final String VIA = "via";
  private static final String RESOURCES = "/resources";
  private static final Pattern AUTHORITY = Pattern.compile("^[A-Za-z][A-Za-z0-9+.-]*://[^/?]*");

  /**
   * Reads a target.
   *
   * @param uri the raw request target, already checked by {@link TargetGuard}
   * @throws Refusal when it names no resource
   */
  static ResourceTarget parse(String uri) {
    int mark = uri.indexOf('?');
    String path = mark < 0 ? uri : uri.substring(0, mark);
    int slash = path.indexOf('/', DevicesRoutes.PREFIX.length());
    if (!path.startsWith(DevicesRoutes.PREFIX)
        || slash < 0
        || !path.startsWith(RESOURCES + "/", slash)) {
      throw new Refusal(404, "route-unknown", "there is nothing at this path");
    }
    QueryParameters parameters =
        new QueryParameters(mark < 0 ? null : uri.substring(mark + 1), Set.of(ACCOUNT, VIA));
    String href = path.substring(slash + RESOURCES.length());
    return new ResourceTarget(
        Parameters.device(path.substring(DevicesRoutes.PREFIX.length(), slash)),
        parameters.get(ACCOUNT).map(Parameters::account).orElse(null),
        resource(parameters.rest().isEmpty() ? href : href + "?" + parameters.rest()),
        parameters.get(VIA).map(ResourceTarget::via).orElse(Via.SHORTEST));
  }

  private static ResourcePath resource(String text) {
    try {
      return ResourcePath.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "invalid-path", e.getMessage());
    }
  }

  private static Via via(String text) {
    if (!text.equals("xmpp")) {
      throw Refusal.parameter(VIA, text, "xmpp");
    }
    return Via.XMPP;
  }

  /**
   * Where this API has what a device's {@code Location} names. Its authority says nothing: the
   * device can only have created something on itself.
   */
  Optional<String> locate(String location) {
    try {
      ResourcePath created = ResourcePath.parse(AUTHORITY.matcher(location).replaceFirst(""));
      String url = DevicesRoutes.PREFIX + di + RESOURCES + created;
      if (account == null) {
        return Optional.of(url);
      }
      String value = URLEncoder.encode(account.toString(), StandardCharsets.UTF_8);
      return Optional.of(url + (created.query().isEmpty() ? "?" : "&") + ACCOUNT + "=" + value);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
