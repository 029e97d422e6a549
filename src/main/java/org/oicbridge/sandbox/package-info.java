/**
 * What the demo and the tests run against: simulated OCF devices and an embedded XMPP server, both
 * speaking the real protocols over loopback. A gateway that serves users never starts any of it.
 */
package org.oicbridge.sandbox;
