/**
 * Looks at an XMPP server the way the gateway would meet it, and tells what of it a fleet can't
 * live with. One thing after the other on the caller's thread: it reads like the conversation it
 * leads. It has a stream of its own, since the one of {@code xmpp} gives up where this one goes on
 * and tells; how a stream is read, what is trusted and how a login is proven are those of {@code
 * xmpp}.
 */
package org.oicbridge.doctor;
