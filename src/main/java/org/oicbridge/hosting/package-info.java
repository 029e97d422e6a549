/**
 * Which accounts and devices the gateway serves. It alone writes to the registry; what it has
 * written it tells the shards.
 */
package org.oicbridge.hosting;
