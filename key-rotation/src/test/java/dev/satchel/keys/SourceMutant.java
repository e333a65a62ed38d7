package dev.satchel.keys;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * One rule of the protocol taken out of the production source, to see that the simulation would
 * notice: a class is compiled with the rule's line changed, and the simulation runs on that. A text
 * that is not there exactly once fails: whoever changes the rule's line changes it here too.
 */
enum SourceMutant {
  /** N2: a node is never stale. */
  NO_FENCE(
      "NodeView",
      "freshness == null || timeline == null || nanos - freshness.nanos() > staleAfter()",
      "freshness == null || timeline == null"),
  /** N3(a): wall clocks instead of the monotonic hold. */
  WALL_CLOCK_ONLY(
      "SigningRule",
      "if (nanos >= saturatedAdd(since, hold)) {",
      "if (!now.isBefore(key.activateAt())) {"),
  /** N3(b): any clock proves dates. */
  ANY_CLOCK_PROVES_DATES("ClockTrust", "return this == AGREES;", "return true;"),
  /** N3(b): a clock that was set since it was compared still proves dates. */
  CLOCK_TRUSTED_FOR_GOOD(
      "ClockComparison", "return trust == ClockTrust.AGREES\n", "return false\n"),
  /** N3: a slow clock is not rescued, and nobody falls back. */
  NO_PREDECESSOR(
      "SigningRule",
      "signing != null ? signing : trust.allowsFallback() ? fallback : null",
      "signing"),
  /** N4: no bound by a known successor. */
  NO_CLIP_BY_KNOWN(
      "SigningRule", "return known.isBefore(unseen) ? known : unseen;", "return unseen;"),
  /** N4: no bound by a successor that was not seen yet. */
  NO_CLIP_BY_UNSEEN(
      "SigningRule", "return known.isBefore(unseen) ? known : unseen;", "return known;"),
  /** N4: the date of the last read stands, whatever became of the clock. */
  NO_CLIP_ON_CLOCK_SET_BACK(
      "SigningRule",
      "return counted.plus(skew).isBefore(freshness.at()) ? counted : freshness.at();",
      "return freshness.at();"),
  /** b.2: a key verifies for TTLmax from its successor's activation, without grace. */
  NO_GRACE(
      "RotationPolicy",
      "return clockSkew.multipliedBy(2).plus(lag());",
      "return clockSkew.multipliedBy(-4);"),
  /** b.2: a predecessor retires when its successor activates, also in an emergency. */
  RETIRED_AT_ACTIVATION(
      "RingKey",
      "return withLead.isAfter(activateAt) ? withLead : activateAt;",
      "return activateAt;"),
  /** b.1: the date in the document, not the store's. */
  NO_STORE_DATE(
      "RingRepository",
      "this.dated = committedAt.map(document::newestPublishedNoEarlierThan).orElse(document);",
      "this.dated = document;"),
  /** b.1: the store's date is forgotten by the commit that revokes the key. */
  NO_STORE_DATE_IN_TOMBSTONES(
      "RingSuccession",
      "for (RingKey key : dated(base, now).keys()) {",
      "for (RingKey key : document.keys()) {"),
  /** N6: every unknown id has a read of its own. */
  NO_LIMITER("UnknownKeys", "if (asked.mayLook(nanos, policy.probeInterval())) {", "{"),
  /** N6: an id of a later epoch is a dead one. */
  UNKNOWN_IS_DEAD("UnknownKeys", "if (epoch <= document.epoch()) {", "if (epoch > 0) {"),
  /** b.5: no probes, only full reads. */
  NO_PROBE("RingRefresher", "if (revision != view().revision()) {", "if (revision < 0) {"),
  /** N1: the union has the keys of both sides, and no tombstones of the earlier one. */
  UNION_LOSES_TOMBSTONES(
      "RingDocument",
      "earlier.tombstones.forEach(t -> buried.merge(t.id(), t, Tombstone::merge));",
      ""),
  /** N1: what a node saw revoked comes back on the store's word. */
  BURIED_KEYS_RETURN(
      "NodeView",
      "RingDocument document = loaded.dated().burying(dugUp);",
      "RingDocument document = loaded.dated();"),
  /** N1: an older epoch is taken like any other. */
  ROLLBACK_ADOPTED("NodeView", "if (theirs.epoch() < mine.epoch()) {", "if (theirs.epoch() < 0) {"),
  /** N1: nobody puts a ring back. */
  NO_HEALING(
      "RingRefresher", "case ROLLED_BACK, FORKED -> true;", "case ROLLED_BACK, FORKED -> false;"),
  /** N7: the next key is due only when the last one has ended its period. */
  ROTATES_TOO_LATE(
      "RingSuccession",
      ".map(key -> key.activateAt().plus(policy.period()).minus(policy.lead()));",
      ".map(key -> key.activateAt().plus(policy.period()).plus(policy.lead()));"),
  /** b.1: keys of copies of one process are drawn from the same numbers. */
  NO_HEDGE("RingSuccession", "new HedgedRandom(random, document.lineageKey(), id)", "random");

  private static final Path SOURCES = Path.of("src/main/java/dev/satchel/keys");
  private static final String PACKAGE = "dev.satchel.keys.";

  private final String className;
  private final String rule;
  private final String broken;

  SourceMutant(String className, String rule, String broken) {
    this.className = className;
    this.rule = rule;
    this.broken = broken;
  }

  /** Simulates on the changed class, one seed after the other, and says what was caught first. */
  Optional<String> firstCaught(Path directory, Scenario scenario, int seeds) {
    compile(directory);
    try {
      Class<?> run = new Mutated(directory).loadClass(MutantRun.class.getName());
      Method firstCaught = run.getDeclaredMethod("firstCaught", String.class, int.class);
      firstCaught.setAccessible(true); // Of the same package by name, but not by loader.
      Object caught = firstCaught.invoke(null, scenario.name(), seeds);
      return Optional.ofNullable((String) caught);
    } catch (InvocationTargetException e) {
      throw new AssertionError(this + " in " + scenario, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private void compile(Path directory) {
    try {
      String source = Files.readString(SOURCES.resolve(className + ".java"));
      int at = source.indexOf(rule);
      if (at < 0 || source.indexOf(rule, at + 1) >= 0) {
        throw new AssertionError(
            className + ".java does not have once what " + this + " changes: " + rule);
      }
      Path mutated = directory.resolve(className + ".java");
      Files.writeString(mutated, source.replace(rule, broken));
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      List<String> options =
          List.of("-proc:none", "-nowarn", "-d", directory.toString(), "-cp", classPath);
      try (var files = compiler.getStandardFileManager(null, null, null)) {
        boolean compiled =
            compiler
                .getTask(null, files, null, options, null, files.getJavaFileObjects(mutated))
                .call();
        if (!compiled) {
          throw new AssertionError(this + " does not compile");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has the classes of this package to itself, the changed one among them. */
  private static final class Mutated extends ClassLoader {
    private final Path directory;

    Mutated(Path directory) {
      super(SourceMutant.class.getClassLoader());
      this.directory = directory;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        boolean ours = name.startsWith(PACKAGE) && name.indexOf('.', PACKAGE.length()) < 0;
        return ours ? define(name) : super.loadClass(name, resolve);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      String file = name.replace('.', '/') + ".class";
      Path changed = directory.resolve(file);
      try (InputStream in =
          Files.exists(changed)
              ? Files.newInputStream(changed)
              : getParent().getResourceAsStream(file)) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
