package dev.satchel;

/**
 * An attribute whose type has no registered form, or whose stored form cannot be read by the
 * registered types. Names the attribute's type or alias, never its value.
 */
public final class AttributeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  AttributeException(String message) {
    super(message);
  }
}
