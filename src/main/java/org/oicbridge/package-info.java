/** The commands, and the wiring of the packages into one process. */
package org.oicbridge;
