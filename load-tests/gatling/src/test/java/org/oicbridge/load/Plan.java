package org.oicbridge.load;

/**
 * How large a {@link Site} is.
 *
 * @param accounts XMPP accounts, named {@code u0} and so on
 * @param devices devices of each account
 * @param hosted whether the gateway's configuration has them; those that come later share few CoAP
 *     endpoints
 * @param slow how many milliseconds an answer of the devices of the first account takes
 * @param xmpp what the {@code xmpp} section of the gateway's configuration has besides
 * @param coapServer whether the gateway serves CoAP too, for devices of the first account
 */
record Plan(int accounts, int devices, boolean hosted, int slow, String xmpp, boolean coapServer) {
  private static final int SHARED_LIGHTS = 8;

  /** Devices that the gateway's configuration has and that answer at once. */
  Plan(int accounts, int devices) {
    this(accounts, devices, true, 0, "", false);
  }

  Plan unhosted() {
    return new Plan(accounts, devices, false, slow, xmpp, coapServer);
  }

  Plan slow(int millis) {
    return new Plan(accounts, devices, hosted, millis, xmpp, coapServer);
  }

  Plan xmpp(String more) {
    return new Plan(accounts, devices, hosted, slow, ", " + more, coapServer);
  }

  Plan servingCoap() {
    return new Plan(accounts, devices, hosted, slow, xmpp, true);
  }

  /** How many CoAP endpoints there are. */
  int lights() {
    return hosted ? accounts * devices : Math.min(SHARED_LIGHTS, accounts * devices);
  }
}
