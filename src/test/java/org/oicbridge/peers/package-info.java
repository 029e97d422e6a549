/**
 * Real peers for integration tests: Debian's Prosody, ejabberd and libcoap as child processes on
 * loopback, and an XMPP client built on Smack, which shares no code with the gateway's own stream.
 */
package org.oicbridge.peers;
