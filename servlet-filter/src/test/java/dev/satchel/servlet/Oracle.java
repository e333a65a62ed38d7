package dev.satchel.servlet;

import dev.satchel.AttributeTypes;
import jakarta.servlet.ServletContext;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One application twice in one kind of container: with its own sessions, and with the filter. */
final class Oracle implements AutoCloseable {
  private final Container container;
  private final ScriptPlayer nativePlayer = new ScriptPlayer(false);
  private final ScriptPlayer wrappedPlayer = new ScriptPlayer(false);
  private final ScriptPlayer filterPlayer = new ScriptPlayer(true);
  private final TestApp nativeApp;
  private final TestApp wrappedApp;
  private final TestApp filterApp;
  private final Map<KnownDifference, Integer> met = new EnumMap<>(KnownDifference.class);

  Oracle(Container container) throws Exception {
    this(container, context -> {});
  }

  /**
   * @param more what else the application with the filter does when it starts
   */
  Oracle(Container container, Consumer<ServletContext> more) throws Exception {
    this.container = container;
    nativeApp =
        TestApp.start(
            container,
            null,
            context -> {
              nativePlayer.startup(context);
            });
    nativePlayer.pages(nativeApp);
    wrappedApp =
        TestApp.start(
            container,
            null,
            context -> {
              wrappedPlayer.startup(context);
              EmptyWrappers.register(context);
            });
    wrappedPlayer.pages(wrappedApp);
    filterApp =
        TestApp.start(
            container,
            filter(),
            context -> {
              filterPlayer.startup(context);
              more.accept(context);
            });
    filterPlayer.pages(filterApp);
  }

  private static StatelessSessionFilter filter() {
    return StatelessSessionFilter.builder("oracle", TestKeys.source())
        .attributeTypes(
            AttributeTypes.builder()
                .register("talking", OracleValues.Talking.class)
                .register("active", OracleValues.Active.class)
                .build())
        .build();
  }

  /** What two sessions made of a script. */
  record Verdict(Transcript ofContainer, Transcript ofFilter, String difference) {}

  /** Plays a script in both. One that does not end in the container alone says nothing of ours. */
  Verdict compare(OracleScript script) throws Exception {
    Transcript ofFilter;
    Transcript ofContainer;
    try {
      ofFilter = filterPlayer.play(script, filterApp, Set.of());
    } catch (ScriptPlayer.Unended e) {
      try {
        ofContainer = nativePlayer.play(script, nativeApp, Set.of());
      } catch (ScriptPlayer.Unended alone) {
        return new Verdict(new Transcript(), new Transcript(), null);
      }
      throw e;
    }
    ofContainer = nativePlayer.play(script, nativeApp, ofFilter.refused());
    Set<KnownDifference> fired = EnumSet.noneOf(KnownDifference.class);
    String difference = KnownDifference.compare(container, ofContainer, ofFilter, fired);
    if (difference != null) {
      fired.clear();
      Transcript wrapped = wrappedPlayer.play(script, wrappedApp, ofFilter.refused());
      if (KnownDifference.compare(container, wrapped, ofFilter, fired) == null) {
        fired.add(KnownDifference.ANY_WRAPPER);
        difference = null;
      }
    }
    fired.forEach(known -> met.merge(known, 1, Integer::sum));
    return new Verdict(ofContainer, ofFilter, difference);
  }

  /** How many scripts met which of the known differences. */
  Map<KnownDifference, Integer> met() {
    return met;
  }

  /** Leaves out of a script whatever it fails without. */
  OracleScript shrink(OracleScript script) throws Exception {
    OracleScript smallest = script;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (OracleScript candidate : smallest.smaller()) {
        if (compare(candidate).difference() != null) {
          smallest = candidate;
          smaller = true;
          break;
        }
      }
    }
    return smallest;
  }

  /** All that is needed to understand and repeat a failure. */
  String report(long seed, OracleScript script, String difference) throws Exception {
    OracleScript smallest = shrink(script);
    Verdict verdict = compare(smallest);
    return "seed "
        + seed
        + " on "
        + container
        + "\n"
        + smallest
        + "\n--- the container's session\n"
        + verdict.ofContainer()
        + "\n--- the filter's session\n"
        + verdict.ofFilter()
        + "\n--- first difference without a reason\n"
        + verdict.difference()
        + "\n--- and before the script was made smaller\n"
        + difference
        + "\n";
  }

  @Override
  public void close() throws Exception {
    try {
      nativeApp.close();
      wrappedApp.close();
    } finally {
      filterApp.close();
    }
  }
}
