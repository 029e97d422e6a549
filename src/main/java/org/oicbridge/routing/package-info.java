/**
 * Decides where a CRUDN request goes, and whether it may.
 *
 * <pre>
 *   any edge ──CRUDN──▶ RouterVerticle ─▶ CrudnRouter ──DEVICE──▶ coap
 *                             │                ├──────REMOTE────▶ ibb
 *                             │                └──OWN_DEVICE────▶ the gateway itself
 *                             ├─ who comes and goes ─▶ AccountHost ─OPEN, CLOSE─▶ xmpp
 *                             └─ sessions, presence ─▶ Accounts
 * </pre>
 */
package org.oicbridge.routing;
