package dev.satchel.keys.file;

import dev.satchel.keys.KeyRingStore;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The names in a ring's directory. */
final class RingFiles {
  /**
   * Fixed width, so that a listing sorts as it counts. Ten digits are a commit a second for 300
   * years.
   */
  private static final Pattern NAME = Pattern.compile("ring\\.([0-9]{10})");

  /** The last that the name has room for. */
  static final long MAX_REVISION = 9_999_999_999L;

  private final Path directory;

  RingFiles(Path directory) {
    this.directory = directory;
  }

  Path of(long revision) {
    return directory.resolve(String.format(Locale.ROOT, "ring.%010d", revision));
  }

  /** The highest revision; {@link KeyRingStore#ABSENT} if the directory is empty or missing. */
  long newest() throws IOException {
    return revisions().stream().mapToLong(Long::longValue).max().orElse(KeyRingStore.ABSENT);
  }

  List<Long> revisions() throws IOException {
    var revisions = new ArrayList<Long>();
    for (Path path : list("ring.*")) {
      var matcher = NAME.matcher(path.getFileName().toString());
      if (matcher.matches()) {
        long revision = Long.parseLong(matcher.group(1));
        if (revision > KeyRingStore.ABSENT) {
          revisions.add(revision);
        }
      }
    }
    return revisions;
  }

  List<Path> temporaries() throws IOException {
    return list("tmp.*");
  }

  /** Only a directory that is definitely not there counts as empty (I7). */
  private List<Path> list(String glob) throws IOException {
    var paths = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
      stream.forEach(paths::add);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return paths;
  }
}
