/**
 * The HTTP edge: requests of the API become questions on the event bus, answers become HTTP
 * responses or problem documents (RFC 9457).
 *
 * <pre>
 * RequestLog - TargetGuard - HostGuard - TokenGuard - Endpoint -+- AccountsRoutes
 *                                                               +- DevicesRoutes - DeviceWrites
 *                                                               |               \ DeviceImport
 *                                                               +- ResourcesRoutes - AnswerWriter
 *                                                               +- HealthRoutes, OpenApiRoute
 * whatever fails on the way ------------------------------------- Problems
 * </pre>
 */
package org.oicbridge.http;
