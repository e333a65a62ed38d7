package dev.satchel.examples.jsp;

import java.util.ArrayList;
import java.util.List;

/** A visitor's notes. An ordinary bean; {@code web.xml} gives it the alias {@code notebook}. */
public class Notebook {
  private List<String> notes = new ArrayList<>();

  public List<String> getNotes() {
    return notes;
  }

  public void setNotes(List<String> notes) {
    this.notes = notes;
  }

  /** Changes the bean in place. */
  public void write(String note) {
    notes.add(note);
  }
}
