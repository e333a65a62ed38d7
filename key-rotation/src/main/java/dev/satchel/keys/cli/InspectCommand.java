package dev.satchel.keys.cli;

import dev.satchel.Decoded;
import dev.satchel.SessionPolicy;
import dev.satchel.SessionState;
import dev.satchel.TokenCodec;
import dev.satchel.TokenContext;
import dev.satchel.keys.KeyRingLocation;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.RotatingKeySource;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Looks at a token; never shows a value that is in it. */
@Command(
    name = "inspect",
    description = "Show a token's header, its key and phase, and with --decrypt what takes space.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** The longest life a session can have: an operator wants to see old tokens too. */
  private static final Duration ANY_AGE = Duration.ofDays(400);

  private final Invocation invocation;

  @Mixin private final RingOptions ring = new RingOptions();

  @Parameters(paramLabel = "TOKEN", description = "the token; - reads it from standard input")
  private String token = "";

  @Option(names = "--decrypt", description = "open it, and show the size of each attribute")
  private boolean decrypt;

  @Option(names = "--application", paramLabel = "ID", description = "the application's id")
  private @Nullable String application;

  @Option(names = "--transport", description = "cookie or header; default cookie")
  private String transport = "cookie";

  @Option(
      names = "--name",
      description = "the cookie's or header's name; default __Host-Http- and the application's id")
  private @Nullable String name;

  @Option(names = "--json", description = "JSON on standard output")
  private boolean json;

  InspectCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    TokenText text = TokenText.parse(token.equals("-") ? invocation.input() : token);
    ObjectNode report = MAPPER.createObjectNode();
    report.set("header", text.header());
    report.put("form", text.segments() == 5 ? "JWE" : "JWS");
    report.put("length", text.token().length());
    text.hour().ifPresent(hour -> report.put("hour", hour.toString()));
    if (ring.isGiven(invocation)) {
      key(text, report);
    }
    int exit = decrypt ? open(text, report) : ExitCode.OK;
    if (json) {
      invocation.out().println(MAPPER.writeValueAsString(report));
    } else {
      print(text, report);
    }
    return exit;
  }

  private void key(TokenText text, ObjectNode report) {
    KeyRingStatus status = ring.custodian(invocation).status();
    Optional<KeyRingStatus.Key> key =
        text.keyId()
            .flatMap(id -> status.keys().stream().filter(k -> k.id().equals(id)).findFirst());
    report.put("key", key.map(KeyRingStatus.Key::id).orElse("not in this ring"));
    key.ifPresent(known -> report.put("phase", known.phase().name()));
  }

  private int open(TokenText text, ObjectNode report) {
    if (application == null) {
      throw new UsageException("--decrypt needs --application, a token is bound to it");
    }
    TokenContext context =
        new TokenContext(
            application, transport, name == null ? "__Host-Http-" + application : name);
    KeyRingLocation location = ring.location(invocation);
    RotatingKeySource.Builder builder =
        RotatingKeySource.builder(
                invocation.opened(location.openStore(invocation.clock())),
                location.kek(invocation::variable))
            .clock(invocation.clock());
    location.ring().ifPresent(builder::ring);
    try (RotatingKeySource keys = builder.build()) {
      Decoded decoded =
          TokenCodec.builder(context, keys)
              .policy(SessionPolicy.defaults().withAbsoluteLifetime(ANY_AGE))
              .clock(invocation.clock())
              .build()
              .decode(text.token());
      if (decoded instanceof Decoded.Accepted accepted) {
        session(accepted.state(), report);
        return ExitCode.OK;
      }
      report.put("rejected", ((Decoded.Rejected) decoded).reason().name());
      return ExitCode.ERROR;
    }
  }

  private static void session(SessionState state, ObjectNode report) {
    report.put("created", state.createdAt().toString());
    report.put("lastAccessed", state.lastAccessedAt().toString());
    report.put("expires", state.expiresAt().toString());
    report.put("hasSubject", state.subject().isPresent());
    ObjectNode sizes = report.putObject("attributes");
    for (String attribute : new TreeSet<>(state.attributeNames())) {
      sizes.put(attribute, state.attributeSize(attribute));
    }
  }

  private void print(TokenText text, ObjectNode report) {
    PrintStream out = invocation.out();
    out.println("header    " + text.headerText());
    for (String member :
        new String[] {
          "form", "length", "hour", "key", "phase", "rejected", "created", "lastAccessed", "expires"
        }) {
      if (report.has(member)) {
        out.printf(Locale.ROOT, "%-9s %s%n", member, report.get(member).asString());
      }
    }
    if (report.get("attributes") instanceof ObjectNode sizes) {
      out.println("attributes, in bytes before compression:");
      sizes
          .properties()
          .forEach(
              size ->
                  out.printf(
                      Locale.ROOT,
                      "  %6d  %s%n",
                      size.getValue().intValue(),
                      printable(size.getKey())));
    }
  }

  /** An attribute's name is the application's, but a signed-only token may be anybody's. */
  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
