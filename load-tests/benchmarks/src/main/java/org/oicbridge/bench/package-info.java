/**
 * Programs that measure the gateway beside others that do the same work. {@link
 * org.oicbridge.bench.Bench} is the one to start: it runs interleaved rounds of child JVMs, which
 * are hidden commands of it, checks what they print and gives the ratios.
 */
package org.oicbridge.bench;
