/**
 * The demo: a shop on two Tomcat nodes behind a round-robin front. Neither node holds a session;
 * either can be killed at any moment.
 */
@NullMarked
package dev.satchel.examples.demo;

import org.jspecify.annotations.NullMarked;
