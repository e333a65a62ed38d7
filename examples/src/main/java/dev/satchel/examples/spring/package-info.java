/**
 * A Spring Boot application with Spring Security on two nodes: signing in, CSRF protection, the
 * interrupted request, flash attributes and signing out, with no session on any server.
 */
@NullMarked
package dev.satchel.examples.spring;

import org.jspecify.annotations.NullMarked;
