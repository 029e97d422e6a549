/**
 * The gateway's own OIC device: discovery, resource directory, provisioning resources. Requests
 * come over the event bus with JSON bodies, from whichever edge carried them, and with who asks.
 * {@code OwnResources} finds the resource; {@code PublicationReader} reads what devices publish,
 * {@code EndpointRules} decides where they may be, {@code LinkForms} writes lists of links.
 */
package org.oicbridge.oic;
