package dev.satchel.keys.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A volume as the kubelet's atomic writer makes it: each file is a link through {@code ..data},
 * which is renamed to lead to a new directory; the old one is deleted right after.
 */
public final class MountedVolume {
  private final Path directory;
  private final String name;
  private int swaps;

  /** An empty volume at this directory, which is made, with one file of this name to come. */
  public MountedVolume(Path directory, String name) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.name = name;
  }

  /** Where a container sees the file. */
  public Path file() {
    return directory.resolve(name);
  }

  /** Puts this content there in one step. */
  public void swap(byte[] content) throws IOException {
    Path link = directory.resolve("..data");
    Path before = Files.exists(link) ? link.toRealPath() : null;
    swaps++;
    Path fresh = Files.createDirectory(directory.resolve("..2026_01_01_00_00_00." + swaps));
    Files.createDirectories(fresh.resolve(name).getParent());
    Files.write(fresh.resolve(name), content);
    Path temporary = directory.resolve("..data_tmp");
    Files.createSymbolicLink(temporary, fresh.getFileName());
    Files.move(temporary, link, StandardCopyOption.ATOMIC_MOVE);
    Path top = directory.relativize(file()).getName(0);
    if (before == null) {
      Files.createSymbolicLink(directory.resolve(top), Path.of("..data").resolve(top));
    } else {
      delete(before);
    }
  }

  /** As when the volume is gone. */
  public void unmount() throws IOException {
    Files.move(directory, directory.resolveSibling("unmounted"));
  }

  private void delete(Path old) throws IOException {
    for (Path path = old.resolve(name); !path.equals(old); path = path.getParent()) {
      Files.delete(path);
    }
    Files.delete(old);
  }
}
