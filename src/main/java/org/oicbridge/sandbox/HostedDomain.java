package org.oicbridge.sandbox;

import org.oicbridge.crudn.Jid;

/**
 * What all streams of the server share. It lives on one event loop.
 *
 * @param address the domain as an address
 * @param policy what the server has to say about TLS
 */
record HostedDomain(
    Jid address,
    EmbeddedXmppServer.Tls policy,
    ServerCertificate certificate,
    Accounts accounts,
    Resources resources,
    Router router) {}
