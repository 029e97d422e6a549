/** The gateway's own OIC device: discovery, resource directory, provisioning resources. */
package org.oicbridge.oic;
