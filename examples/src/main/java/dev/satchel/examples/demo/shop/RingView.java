package dev.satchel.examples.demo.shop;

import java.util.List;

/** What the page shows of the key ring, and the one thing it does with it. */
public interface RingView {

  /** The ring's keys as this node sees them now, oldest first. */
  List<Key> keys();

  /** Publishes a new key; it signs as soon as every node is sure to know it. */
  void rotate();

  /**
   * One key.
   *
   * @param id the first part of a token's {@code kid}
   * @param phase where it is in its life, in words
   * @param signs whether new tokens are sealed with it
   * @param pending whether it is published and waits for its turn
   */
  record Key(String id, String phase, boolean signs, boolean pending) {}
}
