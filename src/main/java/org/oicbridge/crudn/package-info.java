/** The values that every edge of the gateway turns its own wire format into, and back. */
package org.oicbridge.crudn;
