package dev.satchel.servlet;

import dev.satchel.KeySource;
import dev.satchel.SessionRevocations;
import dev.satchel.TokenContext;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What a filter has from its start to its end. */
final class StartedFilter {
  private final SessionPipeline pipeline;
  private final String description;
  private final TransportClaim claim;
  private final @Nullable KeySource opened;
  private final ServletContext context;
  private final @Nullable SessionRevocations shown;

  private StartedFilter(FilterSetup setup, TransportClaim claim, @Nullable KeySource opened) {
    this.context = setup.servletContext();
    this.shown = shown(setup.revocations().list());
    this.pipeline = new SessionPipeline(setup);
    this.description = String.valueOf(setup.codec());
    this.claim = claim;
    this.opened = opened;
  }

  /**
   * With the settings of its builder, or those that lie beside the application, or else its init
   * parameters.
   *
   * @throws IllegalArgumentException if a setting is wrong
   * @throws IllegalStateException if the keys cannot be opened, or another filter has the cookie
   */
  static StartedFilter of(
      FilterConfig config, @Nullable FilterSettings built, @Nullable InitParameters deployed) {
    InitParameters parameters = InitParameters.of(config);
    if (built != null) {
      parameters.refuseAny("the filter was made by its builder");
      return of(config, built, null, String.join(" and ", built.origins));
    }
    if (deployed != null) {
      parameters.refuseAny("the filter has those of " + deployed.where());
      parameters = deployed;
    }
    FilterSettings settings = parameters.toBuilder(InstantSource.system()).settings;
    try {
      return of(config, settings, settings.keySource, parameters.where());
    } catch (RuntimeException e) {
      settings.keySource.close();
      throw e;
    }
  }

  private static StartedFilter of(
      FilterConfig config, FilterSettings settings, @Nullable KeySource opened, String origin) {
    FilterSetup setup = FilterSetup.of(settings, config.getServletContext());
    TransportClaim claim = TransportClaim.of(setup, config.getFilterName());
    TokenContext where = setup.transport().context(settings.application);
    Warnings.LOGGER.log(
        System.Logger.Level.INFO,
        "filter '"
            + config.getFilterName()
            + "' keeps the sessions of application '"
            + where.application()
            + "' in "
            + where.transport()
            + " '"
            + where.name()
            + "'; settings: "
            + origin
            + "; keys: "
            + settings.keySource
            + "; session listeners told: "
            + setup.listeners().count());
    return new StartedFilter(setup, claim, opened);
  }

  /** What the application is shown of these; null where it is another filter's, or none. */
  private @Nullable SessionRevocations shown(@Nullable SessionRevocations revocations) {
    if (revocations == null || context.getAttribute(StatelessSessionFilter.REVOCATIONS) != null) {
      return null;
    }
    context.setAttribute(StatelessSessionFilter.REVOCATIONS, revocations);
    return revocations;
  }

  SessionPipeline pipeline() {
    return pipeline;
  }

  /** The application and where its sessions travel; no key. */
  String description() {
    return description;
  }

  /** Closes the key source if it was opened here. */
  void end() {
    claim.release();
    if (shown != null) {
      context.removeAttribute(StatelessSessionFilter.REVOCATIONS);
    }
    if (opened != null) {
      opened.close();
    }
  }
}
