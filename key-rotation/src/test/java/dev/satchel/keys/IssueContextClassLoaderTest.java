package dev.satchel.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

/** Found as Tomcat's warning of a leak whenever a Spring Boot application stopped. */
class IssueContextClassLoaderTest {

  @Test
  void refreshThread_openedByAnApplication_doesNotKeepItsClassLoader() throws Exception {
    RingFixture ring = new RingFixture();
    ring.init();
    Thread opener = Thread.currentThread();
    ClassLoader before = opener.getContextClassLoader();
    try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
      opener.setContextClassLoader(application);
      try (RotatingKeySource source = RotatingKeySource.builder(ring.store, ring.kek).build()) {
        assertThat(source.current()).isNotNull();
        assertThat(Thread.getAllStackTraces().keySet())
            .filteredOn(thread -> thread.getContextClassLoader() == application)
            .containsExactly(opener);
      } finally {
        opener.setContextClassLoader(before);
      }
    }
  }
}
