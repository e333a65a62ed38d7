package dev.satchel.examples.demo;

import java.io.File;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A headless Chromium and its driver, as the system has them; nothing is downloaded. */
final class Chromium {
  /** Said where there is none. */
  static final String MISSING =
      "SKIPPED: no test in a real browser, for want of one on the PATH."
          + " Debian has it in the packages chromium and chromium-driver.";

  /** Held, or the level would be forgotten with the logger: it wants DevTools of this version. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Chromium() {}

  /** Starts it with a profile of its own; empty if it is not installed. */
  static Optional<ChromeDriver> start() {
    Optional<File> browser = onPath("chromium", "google-chrome");
    Optional<File> driver = onPath("chromedriver");
    if (browser.isEmpty() || driver.isEmpty()) {
      return Optional.empty();
    }
    SELENIUM.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.get());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // root, as in a container, cannot have one; only our own pages are shown
        "--disable-dev-shm-usage", // a container's may be too small
        "--disable-gpu",
        "--disable-quic",
        "--disable-component-update");
    options.setImplicitWaitTimeout(PATIENCE); // every look for an element waits until it is there
    options.setScriptTimeout(PATIENCE);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.get())
            .usingAnyFreePort()
            .withLogOutput(OutputStream.nullOutputStream())
            .build();
    return Optional.of(new ChromeDriver(service, options));
  }

  private static Optional<File> onPath(String... names) {
    List<String> directories = List.of(System.getenv("PATH").split(File.pathSeparator));
    return Stream.of(names)
        .flatMap(name -> directories.stream().map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .map(Path::toFile)
        .findFirst();
  }
}
