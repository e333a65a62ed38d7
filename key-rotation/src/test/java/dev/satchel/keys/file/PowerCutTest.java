package dev.satchel.keys.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.KeyRingStore.Stored;
import dev.satchel.keys.file.FileKeyRingStore.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * PROTOCOL.md (g) 7, the power cut: at each step of a commit, every directory that the disk may
 * have. A system may write back what nobody asked for, in any order, or not: so each name that came
 * or went since the directory was forced may be there or not, and a file that was not forced may
 * have nothing, half, or all of its content. That a step's force reaches the disk is taken from the
 * system; in which order the steps come is the store's doing, and proved here.
 */
class PowerCutTest {
  private static final String NEW = "the new document";
  private static final String NEXT = "the one after";

  @TempDir Path temp;

  private final Set<Step> done = EnumSet.noneOf(Step.class);
  private Map<String, String> forced = Map.of();
  private Optional<String> old = Optional.empty();
  private int states;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, FileKeyRingStore.KEPT, FileKeyRingStore.KEPT + 3})
  void commit_powerCut_oldOrNewRingNeverNeither(int revisions) {
    Path directory = temp.resolve("ring");
    KeyRingStore before = new FileKeyRingStore(directory);
    for (int i = 0; i < revisions; i++) {
      assertThat(before.compareAndSet(i, document(i + 1).getBytes(UTF_8)))
          .isEqualTo(Commit.COMMITTED);
      old = Optional.of(document(i + 1));
    }
    forced = revisions == 0 ? Map.of() : contents(directory);
    KeyRingStore store =
        new FileKeyRingStore(
            directory,
            step -> {
              done.add(step);
              if (step == Step.FORCED) {
                forced = contents(directory);
              }
              cutPower(contents(directory));
            });
    assertThat(store.compareAndSet(revisions, NEW.getBytes(UTF_8))).isEqualTo(Commit.COMMITTED);
    cutPower(contents(directory));
    assertThat(done).isEqualTo(EnumSet.allOf(Step.class));
    assertThat(states).as("disks looked at").isGreaterThan(10);
  }

  private static String document(int revision) {
    return "document " + revision;
  }

  /** What every disk has to hold that this moment may leave. */
  private void cutPower(Map<String, String> seen) {
    for (Map<String, String> disk : disks(seen)) {
      KeyRingStore store = new FileKeyRingStore(written(disk));
      Optional<Stored> stored = store.read();
      Optional<String> ring = stored.map(found -> new String(found.document(), UTF_8));
      // Confirmed is confirmed: once the directory was forced, the old one alone is a loss.
      assertThat(ring)
          .as("after %s of %s", done, disk)
          .isIn(
              done.contains(Step.FORCED)
                  ? Set.of(Optional.of(NEW))
                  : Set.of(old, Optional.of(NEW)));
      long revision = stored.map(Stored::revision).orElse(KeyRingStore.ABSENT);
      assertThat(store.compareAndSet(revision, NEXT.getBytes(UTF_8))).isEqualTo(Commit.COMMITTED);
      assertThat(new String(store.read().orElseThrow().document(), UTF_8)).isEqualTo(NEXT);
    }
  }

  private List<Map<String, String>> disks(Map<String, String> seen) {
    List<Map<String, String>> disks = List.of(Map.of());
    Set<String> names = new TreeSet<>(forced.keySet());
    names.addAll(seen.keySet());
    for (String name : names) {
      boolean maybe = !forced.containsKey(name) || !seen.containsKey(name);
      String content = seen.containsKey(name) ? seen.get(name) : forced.get(name);
      var more = new ArrayList<Map<String, String>>();
      for (Map<String, String> disk : disks) {
        if (maybe) {
          more.add(disk);
        }
        for (String onDisk : contentsOnDisk(content)) {
          var with = new TreeMap<>(disk);
          with.put(name, onDisk);
          more.add(with);
        }
      }
      disks = more;
    }
    return disks;
  }

  private Set<String> contentsOnDisk(String content) {
    return content.equals(NEW) && !done.contains(Step.SYNCED)
        ? Set.of("", content.substring(0, content.length() / 2), content)
        : Set.of(content);
  }

  private Path written(Map<String, String> disk) {
    try {
      Path directory = Files.createDirectory(temp.resolve("disk " + states++));
      for (Map.Entry<String, String> file : disk.entrySet()) {
        Files.writeString(directory.resolve(file.getKey()), file.getValue());
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> contents(Path directory) {
    try (Stream<Path> list = Files.list(directory)) {
      var contents = new TreeMap<String, String>();
      for (Path path : list.toList()) {
        contents.put(path.getFileName().toString(), Files.readString(path));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
