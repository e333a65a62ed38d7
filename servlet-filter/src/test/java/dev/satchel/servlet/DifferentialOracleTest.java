package dev.satchel.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;

/**
 * Random scripts do the same with the filter as with the container's own session, but for {@link
 * KnownDifference}. For long: {@code -Dsatchel.oracle.seeds=5000}, from another seed on: {@code
 * -Dsatchel.oracle.first=1000}. A failure prints the script made small, and both transcripts.
 */
class DifferentialOracleTest {
  private static final int SHORT = 150;

  /** So many that every known difference has to be met. */
  private static final int LONG = 2_000;

  private static final int SEEDS = Integer.getInteger("satchel.oracle.seeds", SHORT);
  private static final long FIRST = Long.getLong("satchel.oracle.first", 1);

  private static final EnumSet<DispatcherType> OUTERMOST =
      EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR);

  @OnEachContainer
  @DisplayName("random scripts: the filter's session does what the container's does")
  void sameAsTheContainers(Container container) throws Exception {
    try (Oracle oracle = new Oracle(container)) {
      for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
        OracleScript script = ScriptGenerator.script(seed);
        String difference = oracle.compare(script).difference();
        if (difference != null) {
          fail(oracle.report(seed, script, difference));
        }
      }
      if (SEEDS >= LONG) {
        assertThat(oracle.met().keySet())
            .as("known differences that were met")
            .containsAll(KnownDifference.of(container));
      }
    }
  }

  @OnEachContainer
  @DisplayName("the oracle finds each of these mistakes within the short run")
  void findsMistakes(Container container) throws Exception {
    AtomicReference<Enum<?>> mistake = new AtomicReference<>();
    List<Enum<?>> missed = new ArrayList<>();
    try (Oracle oracle = new Oracle(container, context -> register(context, mistake))) {
      List<Enum<?>> mistakes = new ArrayList<>(List.of(BrokenSession.values()));
      mistakes.addAll(List.of(CookieThief.values()));
      for (Enum<?> each : mistakes) {
        mistake.set(each);
        if (!finds(oracle)) {
          missed.add(each);
        }
      }
    }
    assertThat(missed).isEmpty();
  }

  private static boolean finds(Oracle oracle) throws Exception {
    for (long seed = 1; seed <= SHORT; seed++) {
      if (oracle.compare(ScriptGenerator.script(seed)).difference() != null) {
        return true;
      }
    }
    return false;
  }

  /** A filter before ours and one behind it, where a part of the application would be. */
  private static void register(ServletContext context, AtomicReference<Enum<?>> mistake) {
    Filter before =
        (request, response, chain) -> {
          if (mistake.get() instanceof CookieThief thief) {
            thief.pass(request, response, chain);
          } else {
            chain.doFilter(request, response);
          }
        };
    Filter behind =
        (request, response, chain) -> {
          if (mistake.get() instanceof BrokenSession broken) {
            chain.doFilter(
                broken.request((HttpServletRequest) request),
                broken.response((HttpServletResponse) response));
          } else {
            chain.doFilter(request, response);
          }
        };
    map(context.addFilter("before", before), false);
    map(context.addFilter("behind", behind), true);
  }

  private static void map(FilterRegistration.Dynamic registration, boolean last) {
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(OUTERMOST, last, "/*");
  }
}
