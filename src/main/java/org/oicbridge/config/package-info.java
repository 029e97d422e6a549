/** The configuration file as a tree of records, and the reader that checks all of it at once. */
package org.oicbridge.config;
