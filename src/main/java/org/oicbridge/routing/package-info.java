/**
 * Decides where a CRUDN request goes, and whether it may.
 *
 * <pre>
 *   any edge ──CRUDN──▶ RouterVerticle ─▶ CrudnRouter ──DEVICE──▶ coap
 *                             │                └──────REMOTE────▶ ibb
 *                       sessions, presence ─▶ Accounts
 * </pre>
 */
package org.oicbridge.routing;
