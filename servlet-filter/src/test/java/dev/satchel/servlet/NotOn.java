package dev.satchel.servlet;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A scenario that cannot be had on some containers; the reason stands in CONFORMANCE.md. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface NotOn {
  Container[] value();

  /** What the container does, for people. */
  String because();
}
