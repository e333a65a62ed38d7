package dev.satchel.servlet;

import dev.satchel.TokenCodec;
import jakarta.servlet.ServletContext;

/**
 * What every request of one filter shares, fixed once the filter is initialised.
 *
 * @param owner tells the filters of one application apart
 */
record FilterSetup(
    Object owner,
    ServletContext servletContext,
    TokenCodec codec,
    SessionTransport transport,
    SessionEvents events,
    SessionListeners listeners,
    Warnings warnings,
    boolean warnOnLateChange,
    boolean refuseUnserializable) {}
