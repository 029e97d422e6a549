/** SASL with SCRAM (RFC 5802, RFC 7677) as a client, with keys that a fleet's sessions share. */
package org.oicbridge.xmpp.sasl;
