/**
 * What Satchel costs, beside other libraries and beside the bare JDK: speed and garbage (JMH),
 * token sizes, cold start, and the report made of them. Not published.
 */
@NullMarked
package dev.satchel.benchmarks;

import org.jspecify.annotations.NullMarked;
