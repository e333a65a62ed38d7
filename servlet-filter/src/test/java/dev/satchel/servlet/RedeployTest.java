package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;

/** Nothing of a stopped application is held on to (BEHAVIOUR.md 81). */
class RedeployTest {
  private static final long SECONDS_AT_MOST = 30;

  /** Loads the filter, what it needs and the application itself anew, as from a WAR. */
  private static final class ApplicationLoader extends URLClassLoader {
    private static final List<String> OWN =
        List.of("dev.satchel.", "tools.jackson.", "com.fasterxml.", "com.nimbusds.");

    ApplicationLoader() {
      super(classPath(), RedeployTest.class.getClassLoader());
    }

    private static URL[] classPath() {
      List<URL> urls = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
        try {
          urls.add(Path.of(entry).toUri().toURL());
        } catch (MalformedURLException e) {
          throw new IllegalStateException(e);
        }
      }
      return urls.toArray(new URL[0]);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (OWN.stream().noneMatch(name::startsWith)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }

  @OnEachContainer
  @DisplayName("81: started, used and stopped, an application's class loader is free to go")
  void classLoader(Container container) throws Exception {
    ReferenceQueue<ClassLoader> gone = new ReferenceQueue<>();
    WeakReference<ClassLoader> loader = startUseStop(container, gone);
    for (long i = 0; i < SECONDS_AT_MOST * 5 && !loader.refersTo(null); i++) {
      System.gc();
      gone.remove(200);
    }
    assertThat(loader.refersTo(null)).isTrue();
  }

  /** In a method of its own, whose variables are gone afterwards. */
  private static WeakReference<ClassLoader> startUseStop(
      Container container, ReferenceQueue<ClassLoader> gone) throws Exception {
    ApplicationLoader loader = new ApplicationLoader();
    @SuppressWarnings("unchecked")
    Consumer<ServletContext> application =
        (Consumer<ServletContext>)
            loader
                .loadClass("dev.satchel.servlet.RedeployedApp")
                .getDeclaredConstructor()
                .newInstance();
    assertThat(application.getClass().getClassLoader()).isSameAs(loader);
    try (Container.Started started = container.start(application::accept, Map.of())) {
      Client client = new Client(started.port());
      assertThat(client.get("/").body()).isEqualTo("null");
      assertThat(client.get("/").body()).isEqualTo("Visit[count=1]");
      // The filter a second time within a request: by a forward, and on Jetty by every request.
      assertThat(client.get("/onward").body()).isEqualTo("Visit[count=1]");
      // Values bound to a session after its request (21), and the end of that session.
      client.get("/keep");
      assertThat(client.get("/end").status()).isEqualTo(200);
      assertThat(client.cookies).isEmpty();
      assertThat(client.get("/").body()).isEqualTo("null");
      client.cookies.replaceAll((name, value) -> value + "x");
      assertThat(client.get("/").body()).isEqualTo("null");
    } finally {
      close(loader);
    }
    return new WeakReference<>(loader, gone);
  }

  private static void close(URLClassLoader loader) throws IOException {
    loader.close();
  }
}
