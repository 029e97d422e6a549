package org.oicbridge.bus;

import org.oicbridge.crudn.CrudnRequest;

/**
 * A wish to be told of a resource from now on (RFC 7641). It is answered like the retrieve; only an
 * answer with an {@code Observe} header means that notifications follow.
 *
 * @param retrieve what would be asked once; its deadline is that of the first answer
 * @param subscription names the subscriber, unique in the process; the subscriber listens to {@link
 *     Contracts#NOTIFICATION} under this name before it asks
 */
public record Subscribe(CrudnRequest retrieve, String subscription) {}
