package dev.satchel.examples.demo;

import dev.satchel.examples.demo.shop.RingView;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RotatingKeySource;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The ring as one node knows it, in words for a visitor. No I/O: the node keeps its view fresh
 * itself.
 */
record NodeRingView(SharedRing ring, RotatingKeySource source) implements RingView {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  @Override
  public List<Key> keys() {
    return source.status().keys().stream()
        .filter(key -> key.phase().verifies())
        .map(NodeRingView::key)
        .toList();
  }

  @Override
  public void rotate() {
    ring.rotate();
  }

  private static Key key(KeyRingStatus.Key key) {
    return switch (key.phase()) {
      case PRE_ACTIVATION ->
          new Key(key.id(), "published, signs from " + time(key.activateAt()), false, true);
      case ACTIVE -> new Key(key.id(), "signs since " + time(key.activateAt()), true, false);
      default ->
          new Key(key.id(), "retired, accepted until " + time(key.verifyUntil()), false, false);
    };
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
