/**
 * The shop that runs on both nodes: an ordinary servlet that uses {@code HttpSession} and knows
 * nothing of how sessions are kept.
 */
@NullMarked
package dev.satchel.examples.demo.shop;

import org.jspecify.annotations.NullMarked;
