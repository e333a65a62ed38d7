package dev.satchel.keys.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The world as one run of the command sees it; tests bring their own. At its end closes what its
 * verb opened.
 */
final class Invocation implements AutoCloseable {
  /** One token, or one typed name: beyond it, somebody piped in the wrong file. */
  private static final int MAX_INPUT = 64 * 1024;

  /** As the largest document of a store. */
  private static final int MAX_KEYS = 1024 * 1024;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final InstantSource clock;
  private final SecureRandom random;
  private final boolean outIsTerminal;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  Invocation(
      InputStream in,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment,
      InstantSource clock,
      SecureRandom random,
      boolean outIsTerminal) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.environment = Map.copyOf(environment);
    this.clock = clock;
    this.random = random;
    this.outIsTerminal = outIsTerminal;
  }

  /**
   * Whether an open file is a terminal, where the system names open files by links: with input from
   * a file or a pipe, Java knows of no console although the output is one.
   */
  static boolean isTerminal(Path openFile) {
    try {
      String target = Files.readSymbolicLink(openFile).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** For results. */
  PrintStream out() {
    return out;
  }

  /** For people. */
  PrintStream err() {
    return err;
  }

  /** A line for people. */
  void say(String line) {
    err.println(line);
  }

  @Nullable String variable(String name) {
    return environment.get(name);
  }

  InstantSource clock() {
    return clock;
  }

  SecureRandom random() {
    return random;
  }

  boolean outIsTerminal() {
    return outIsTerminal;
  }

  /** What is closed when the verb has ended, however it did. */
  <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception | LinkageError e) {
        // What the verb did or did not do has been said, and stays so.
      }
    }
  }

  /** A whole file of keys; {@code -} is standard input. */
  byte[] content(String file) {
    try {
      byte[] bytes;
      if (file.equals("-")) {
        bytes = in.readNBytes(MAX_KEYS + 1);
      } else {
        try (InputStream opened = Files.newInputStream(Path.of(file))) {
          bytes = opened.readNBytes(MAX_KEYS + 1);
        }
      }
      if (bytes.length > MAX_KEYS) {
        throw new UsageException("it has more than the allowed " + MAX_KEYS + " bytes: no keys");
      }
      return bytes;
    } catch (IOException e) {
      throw new UsageException(
          (file.equals("-") ? "standard input" : file)
              + " cannot be read ("
              + e.getClass().getSimpleName()
              + ")");
    }
  }

  /** All of standard input as one line of text. */
  String input() {
    try {
      byte[] bytes = in.readNBytes(MAX_INPUT + 1);
      if (bytes.length > MAX_INPUT) {
        throw new UsageException("standard input has more than " + MAX_INPUT + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalStateException("standard input cannot be read", e);
    }
  }

  /** Asks for a word to be typed before something that cannot be undone. */
  void confirm(String what, String word) {
    say(what);
    say("Type the ring's name, " + word + ", to go on:");
    try {
      String typed =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      if (typed == null || !typed.strip().equals(word)) {
        throw new UsageException(
            "not confirmed, nothing was changed; --yes goes on without asking");
      }
    } catch (IOException e) {
      throw new IllegalStateException("standard input cannot be read", e);
    }
  }
}
