package dev.satchel.examples.jsp;

/** How many pages the visitor has seen; under the alias {@code visits}. */
public class Visits {
  private int count;

  public int getCount() {
    return count;
  }

  public void setCount(int count) {
    this.count = count;
  }
}
