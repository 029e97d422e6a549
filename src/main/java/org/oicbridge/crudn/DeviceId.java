package org.oicbridge.crudn;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The {@code di} of an OIC device. Two identifiers are the same when they differ only in the case
 * of their letters, since a UUID has none (RFC 9562 section 4); the spelling that was given is kept
 * because the resourcepart of a JID is compared byte for byte (RFC 7622 section 3.4).
 *
 * @param text 1 to 64 letters, digits and hyphens, a UUID in a conforming device
 */
public record DeviceId(String text) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9-]{1,64}");
  private static final Pattern UUID =
      Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException when the text is no such token
   */
  public DeviceId {
    if (!TOKEN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "device id \"" + text + "\" is not 1 to 64 letters, digits and hyphens");
    }
  }

  /** True when this is a UUID of the form 8-4-4-4-12, as OIC Core asks. */
  public boolean conformant() {
    return UUID.matcher(text).matches();
  }

  /** The form that travels in the URL of a {@code <rest>} request: lower case. */
  public String canonical() {
    return text.toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceId that && text.equalsIgnoreCase(that.text);
  }

  @Override
  public int hashCode() {
    return canonical().hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
