package dev.satchel.servlet;

import java.io.ObjectInputStream;

/** Breaks the rule that nothing here reads serialized Java objects. */
public interface JavaSerializationCanary {
  ObjectInputStream stream();
}
