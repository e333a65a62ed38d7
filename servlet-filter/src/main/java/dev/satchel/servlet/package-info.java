/**
 * Stateless HTTP sessions for servlets: {@link dev.satchel.servlet.StatelessSessionFilter} replaces
 * the container's {@code HttpSession} by one that travels with the client as a sealed token, in a
 * cookie or a header.
 *
 * <p>One request: the filter wraps request and response and decodes nothing. The first {@code
 * getSession} reads the token; one commit point, reached by every path that can send headers,
 * decides whether to write a token, to expire it or to do nothing. What a client sends never causes
 * an exception or a 5xx: it is a session, or no session and a reason for {@link
 * dev.satchel.servlet.SessionEvents}. Only a token that may be good, and cannot be told so now,
 * ends in 503 with {@code Retry-After} if the application asks for the session, and stays with the
 * client.
 *
 * <p>Runs on Servlet 6.0 and 6.1 containers: compiled against 6.0, with the methods of 6.1 defined
 * beside.
 */
@NullMarked
package dev.satchel.servlet;

import org.jspecify.annotations.NullMarked;
