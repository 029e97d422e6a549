/**
 * The {@code <rest>} document that carries a CRUDN message through an in-band bytestream (OIC
 * Remote Access section 7.3.1): bytes in, values out, and back. Liberal in what it reads, strict in
 * what it writes.
 *
 * <pre>
 *   block → Decoder ────────→ XmlDocument ──→ Draft ──────────────────────────→ Envelope
 *           (base64, UTF-16)  (its events)    (RequestUrl, StatusLine, JsonBody)
 * </pre>
 */
package org.oicbridge.envelope;
