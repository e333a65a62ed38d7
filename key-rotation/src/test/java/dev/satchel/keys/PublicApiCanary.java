package dev.satchel.keys;

import java.util.List;

/** What {@link PublicApiTest} must see: a dependency's type, and a method that no file lists. */
public class PublicApiCanary {
  public tools.jackson.core.JsonParser leaked(List<com.nimbusds.jose.JWEObject> objects) {
    throw new UnsupportedOperationException("" + objects);
  }

  protected void added() {}
}
