package dev.satchel.servlet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a filter is told to do otherwise than by default: by a method of its builder, which says
 * what it is, or as a word in a setting.
 */
enum Choice {
  WARN_ON_LATE_CHANGE("lateChange", "error", "warn"),
  REFUSE_UNSERIALIZABLE("unserializable", "drop", "refuse"),
  TOUCH_EVERY_REQUEST("touchEveryRequest", "false", "true"),
  NO_ACTIVATION_EVENTS("activationEvents", "true", "false"),
  SHOW_TOKEN("ownToken", "hide", "show"),
  SKIP_EMPTY_SESSION("emptySession", "send", "skip"),
  DROP_UNREADABLE("unreadable", "keep", "drop"),
  INVALIDATE_UNREADABLE("unreadable", "keep", "invalidate"),
  IGNORE_CONTAINER_LISTENERS("containerListeners", "tell", "ignore"),
  ROLL_BACK_ON_EXCEPTION("uncaughtException", "commit", "rollback");

  /** The setting's name; choices that exclude each other share it. */
  final String setting;

  private final String defaultWord;
  private final String word;

  Choice(String setting, String defaultWord, String word) {
    this.setting = setting;
    this.defaultWord = defaultWord;
    this.word = word;
  }

  /** Whether the settings say so. */
  boolean isIn(SettingsText settings) {
    return settings.oneOf(setting, defaultWord, words()).equals(word);
  }

  private String[] words() {
    List<String> words = new ArrayList<>(List.of(defaultWord));
    Arrays.stream(values()).filter(c -> c.setting.equals(setting)).forEach(c -> words.add(c.word));
    return words.toArray(String[]::new);
  }
}
