package dev.satchel.keys.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.satchel.keys.KeyRingStore;
import dev.satchel.keys.KeyRingStore.Commit;
import dev.satchel.keys.KeyRingStore.Stored;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** I10 with a real process and a real SIGKILL, at whatever point it hits, between the steps too. */
class KilledWriterTest {
  @TempDir Path temp;

  @Test
  void kill9_atAnyPoint_leavesAWholeRing() throws Exception {
    Path directory = temp.resolve("ring");
    KeyRingStore store = new FileKeyRingStore(directory);
    long confirmed = 0;
    for (int round = 0; round < 3; round++) {
      Process writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  directory.toString())
              .redirectErrorStream(true)
              .start();
      // Killed, it says nothing more, and the test fails instead of waiting for good.
      var unused =
          writer
              .onExit()
              .orTimeout(1, TimeUnit.MINUTES)
              .exceptionally(late -> writer.destroyForcibly());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(writer.getInputStream(), UTF_8))) {
        for (int i = 0; i < 10 + 7 * round; i++) {
          confirmed = Long.parseLong(lines.readLine());
        }
        writer.toHandle().destroyForcibly(); // by the handle, which leaves the pipe open
        writer.waitFor();
        // What it said before it died counts too.
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          confirmed = line.matches("[0-9]+") ? Long.parseLong(line) : confirmed;
        }
      }
      Stored stored = store.read().orElseThrow();
      assertThat(stored.revision()).isBetween(confirmed, confirmed + 1);
      assertThat(new String(stored.document(), UTF_8)).isEqualTo(document(stored.revision()));
    }
    long revision = store.probe().orElseThrow();
    assertThat(store.compareAndSet(revision, document(revision + 1).getBytes(UTF_8)))
        .isEqualTo(Commit.COMMITTED);
  }

  private static String document(long revision) {
    return ("document " + revision + ";").repeat(500);
  }

  /** Commits until it is killed, and says so line by line. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) {
      KeyRingStore store = new FileKeyRingStore(Path.of(args[0]));
      while (true) {
        long next = store.probe().orElse(KeyRingStore.ABSENT) + 1;
        if (store.compareAndSet(next - 1, document(next).getBytes(UTF_8)) == Commit.COMMITTED) {
          System.out.println(next);
        }
      }
    }
  }
}
