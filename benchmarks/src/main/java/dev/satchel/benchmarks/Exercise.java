package dev.satchel.benchmarks;

import java.util.Map;
import java.util.function.Consumer;

/**
 * The four things that are measured, for one library, profile and sample. For one thread.
 *
 * @param <T> the library's session
 */
final class Exercise<T> {
  private final Carrier<T> carrier;
  private final Map<String, Object> attributes;
  private final T session;
  private final String token;
  private int visits;

  private Exercise(Carrier<T> carrier, Map<String, Object> attributes) {
    this.carrier = carrier;
    this.attributes = attributes;
    this.token = carrier.encode(carrier.create(attributes));
    this.session = carrier.decode(token);
  }

  static Exercise<?> of(Carrier<?> carrier, Map<String, Object> attributes) {
    return new Exercise<>(carrier, attributes);
  }

  /** What a request costs that reads who is signed in. */
  Object readOne() {
    return carrier.attribute(carrier.decode(token), Sample.USER);
  }

  /** What a request costs that looks at everything. */
  void readAll(Consumer<Object> sink) {
    T opened = carrier.decode(token);
    sink.accept(opened);
    for (String name : carrier.names(opened)) {
      sink.accept(carrier.attribute(opened, name));
    }
  }

  /** What a response costs that changes one attribute of a session that was read. */
  String writeOne() {
    return carrier.encode(carrier.with(session, Sample.VISITS, ++visits));
  }

  /** What a response costs that sets every attribute of a new session. */
  String writeAll() {
    return carrier.encode(carrier.create(attributes));
  }

  String token() {
    return token;
  }
}
