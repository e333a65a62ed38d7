package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How references become keys. */
class KekProviderTest {
  @TempDir Path temp;

  @Test
  void unknownKind_saysWhichAreKnown_andNotWhatItWas() {
    assertThatThrownBy(() -> KeyEncryptionKey.of("hunter2:hunter2", name -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("env, file, passphrase-env, passphrase-file, vault")
        .message()
        .doesNotContain("hunter2");
  }

  /** An application's own provider, as its class loader alone sees it. */
  @Test
  void providerOfTheApplication_isFound() throws IOException {
    inApplication(
        () ->
            assertThat(KeyEncryptionKey.of("own:x", name -> null).isSame(RingFixture.secretKek(3)))
                .isTrue());
    assertThatThrownBy(() -> KeyEncryptionKey.of("own:x", name -> null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A jar on the class path must not be asked for what files and variables hold. */
  @Test
  void builtInKinds_areNobodysToReplace() throws IOException {
    Path file = Files.writeString(temp.resolve("kek"), "correct horse battery");
    inApplication(
        () ->
            assertThat(KeyEncryptionKey.of("passphrase-file:" + file, name -> null).isPassphrase())
                .isTrue());
  }

  private void inApplication(Runnable what) throws IOException {
    Path services = Files.createDirectories(temp.resolve("app/META-INF/services"));
    Files.writeString(services.resolve(KekProvider.class.getName()), Own.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader application =
        new URLClassLoader(new URL[] {temp.resolve("app/").toUri().toURL()}, before)) {
      thread.setContextClassLoader(application);
      what.run();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** A provider that would take files too, if it could. */
  public static final class Own implements KekProvider {
    @Override
    public Set<String> kinds() {
      return Set.of("own", "file", "passphrase-file");
    }

    @Override
    public KeyEncryptionKey open(String reference, Function<String, @Nullable String> environment) {
      return RingFixture.secretKek(3);
    }
  }
}
