/**
 * The simulations, and what starts the gateway, the XMPP server and the devices that they load.
 * load-tests/README.md has a command for each.
 */
package org.oicbridge.load;
