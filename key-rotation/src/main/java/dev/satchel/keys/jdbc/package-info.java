/**
 * Key rings in a table of a relational database, one row each, with {@code UPDATE … WHERE revision
 * = ?} as compare-and-set.
 *
 * <p>Every question and every commit is one statement that commits by itself, on a connection of
 * its own: it joins nobody's transaction, a failure leaves no transaction behind, and the database
 * keeps writers apart (I5, I10). Drivers are the application's; nothing here names one.
 */
@NullMarked
package dev.satchel.keys.jdbc;

import org.jspecify.annotations.NullMarked;
