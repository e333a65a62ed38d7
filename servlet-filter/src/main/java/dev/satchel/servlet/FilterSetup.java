package dev.satchel.servlet;

import dev.satchel.TokenCodec;
import jakarta.servlet.ServletContext;

/** What every request of one filter shares, fixed once the filter is initialised. */
record FilterSetup(
    ServletContext servletContext,
    TokenCodec codec,
    SessionTransport transport,
    SessionEvents events,
    SessionListeners listeners,
    Warnings warnings,
    boolean warnOnLateChange,
    boolean refuseUnserializable) {}
