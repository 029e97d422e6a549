/** What operators look at. */
package org.oicbridge.ops;
