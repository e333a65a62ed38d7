package dev.satchel.servlet;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One setting of something that has several: its name, how its text is read, and what it changes.
 * Reading comes first, so that a word that is wrong is refused as such, and not as what it would
 * have led to.
 */
record Setting<T>(String name, BiFunction<SettingsText, String, UnaryOperator<T>> reader) {

  static <T, V> Setting<T> of(
      String name, BiFunction<SettingsText, String, V> parser, BiFunction<T, V, T> change) {
    return new Setting<>(
        name,
        (text, key) -> {
          V value = parser.apply(text, key);
          return changed -> change.apply(changed, value);
        });
  }

  static Set<String> names(List<? extends Setting<?>> settings) {
    return settings.stream().map(Setting::name).collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * What those that are set change, one after the other.
   *
   * @param what says what it is in the message of a refusal
   * @throws IllegalArgumentException if a text is none that such a setting may have
   */
  static <T> UnaryOperator<T> all(List<Setting<T>> settings, SettingsText text, String what) {
    List<UnaryOperator<T>> changes =
        settings.stream()
            .filter(setting -> text.has(setting.name))
            .map(setting -> setting.reader.apply(text, setting.name))
            .toList();
    return original ->
        text.within(
            what,
            () -> {
              T changed = original;
              for (UnaryOperator<T> change : changes) {
                changed = change.apply(changed);
              }
              return changed;
            });
  }
}
