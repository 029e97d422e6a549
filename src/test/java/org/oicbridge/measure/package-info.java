/**
 * Programs that measure a gateway in a process of its own: {@code scripts/soak} and {@code
 * scripts/fairness}. They are no tests: what they find depends on the machine, and they take long.
 */
package org.oicbridge.measure;
