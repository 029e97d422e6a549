/** What the gateway must not forget when it stops. */
package org.oicbridge.store;
