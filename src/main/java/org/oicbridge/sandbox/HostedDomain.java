package org.oicbridge.sandbox;

import java.time.Duration;
import org.oicbridge.crudn.Jid;

/**
 * What all streams of the server share. It lives on one event loop.
 *
 * @param address the domain as an address
 * @param policy what the server has to say about TLS
 * @param patience how long a client may take until it has bound a resource
 */
record HostedDomain(
    Jid address,
    EmbeddedXmppServer.Tls policy,
    Duration patience,
    ServerCertificate certificate,
    Accounts accounts,
    Logins logins,
    Resources resources,
    Router router,
    StreamManagement management,
    Faults faults,
    Counts counts) {}
