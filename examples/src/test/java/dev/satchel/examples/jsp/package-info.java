/**
 * An application as they were written before there were frameworks: JSPs in {@code
 * src/test/webapp}, beans kept in the session by {@code <jsp:useBean>} and changed in place, and
 * not a line that knows of the filter, which stands in {@code web.xml} alone.
 */
@NullMarked
package dev.satchel.examples.jsp;

import org.jspecify.annotations.NullMarked;
