package dev.satchel.keys.cli;

import dev.satchel.keys.KeyCustodian;
import dev.satchel.keys.KeyRingException;
import dev.satchel.keys.KeyRingLocation;
import dev.satchel.keys.KeyRingStatus;
import dev.satchel.keys.KeyRingStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Looks for what will go wrong before it does. */
@Command(
    name = "doctor",
    description = "Check a ring, its store and its surroundings; each finding says what to do.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Invocation invocation;
  private final List<Finding> findings = new ArrayList<>();
  private boolean kekIsThere;

  @Mixin private final RingOptions ring = new RingOptions();

  @Option(names = "--json", description = "JSON on standard output")
  private boolean json;

  DoctorCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    KeyRingLocation location = ring.location(invocation);
    try {
      examine(location);
    } catch (KeyRingException e) {
      boolean storeIsAway = kekIsThere && ExitCode.of(e) == ExitCode.UNAVAILABLE;
      findings.add(
          new Finding(
              storeIsAway ? ExitCode.UNAVAILABLE : ExitCode.ERROR, String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      findings.add(new Finding(ExitCode.ERROR, String.valueOf(e.getMessage())));
    }
    report();
    for (int worst : new int[] {ExitCode.ERROR, ExitCode.UNAVAILABLE, ExitCode.POLICY}) {
      if (findings.stream().anyMatch(finding -> finding.exitCode() == worst)) {
        return worst;
      }
    }
    return ExitCode.OK;
  }

  private void examine(KeyRingLocation location) {
    kek(location);
    KeyCustodian custodian = RingOptions.custodian(location, invocation);
    kekIsThere = true;
    KeyRingStore store = invocation.opened(location.openStore(invocation.clock()));
    store.findings().forEach(this::policy);
    // Reading it checks the document, its seal, and the inequalities of its policy.
    KeyRingStatus status = custodian.status();
    custodian.keyFindings().forEach(this::policy);
    clock(store, status);
    propagation(store, status);
    keys(status);
    if (location.hasRevocations()) {
      custodian.revocationFindings().forEach(this::policy);
    }
  }

  /** Too short a one breaks the promise that no node meets a key it lacks (I1). */
  private void propagation(KeyRingStore store, KeyRingStatus status) {
    Duration least = store.leastPropagation();
    if (status.policy().propagation().compareTo(least) < 0) {
      policy(
          "the ring's policy says that a read is at most "
              + DurationText.of(status.policy().propagation())
              + " old, here it can be "
              + DurationText.of(least)
              + ", so nodes may meet keys that they do not have yet; make the ring that this one is"
              + " copied from with `satchel-keys init --propagation "
              + least.toSeconds()
              + "s`");
    }
  }

  private void kek(KeyRingLocation location) {
    if (location.isInsecurePlaintext()) {
      policy(
          store(location)
              + " is not sealed: whoever reads it can forge every session; make a key with"
              + " `satchel-keys generate --alg A256KW --out FILE`, run `satchel-keys rewrap --to"
              + " file:FILE`, and rotate");
    }
    Optional<String> path =
        location
            .kekReference()
            .filter(
                reference ->
                    reference.startsWith("file:") || reference.startsWith("passphrase-file:"))
            .map(reference -> reference.substring(reference.indexOf(':') + 1));
    path.map(Path::of).filter(Files::exists).ifPresent(this::fileMode);
  }

  private void fileMode(Path path) {
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
      if (mode.contains(PosixFilePermission.OTHERS_READ)
          || mode.contains(PosixFilePermission.OTHERS_WRITE)
          || mode.contains(PosixFilePermission.GROUP_WRITE)) {
        policy(
            path
                + " has mode "
                + PosixFilePermissions.toString(mode)
                + " and opens the ring; run `chmod 600 "
                + path
                + "`, and if others were on this machine, move the ring to a new one with"
                + " `satchel-keys rewrap`, rotate, and revoke the keys of before");
      }
    } catch (UnsupportedOperationException e) {
      // A file system without modes; nothing to say about them.
    } catch (IOException e) {
      policy(path + ": permissions cannot be read; look at them by hand");
    }
  }

  private void clock(KeyRingStore store, KeyRingStatus status) {
    Optional<Instant> theirs = store.time();
    if (theirs.isEmpty()) {
      return;
    }
    Duration offset = Duration.between(theirs.get(), invocation.clock().instant());
    if (offset.abs().compareTo(status.policy().clockSkew()) > 0) {
      policy(
          "this machine's clock is "
              + DurationText.of(offset.abs())
              + (offset.isNegative() ? " behind" : " ahead of")
              + " the store's, allowed are "
              + DurationText.of(status.policy().clockSkew())
              + "; set up time synchronization");
    }
  }

  private void keys(KeyRingStatus status) {
    if (status.active().isEmpty()) {
      findings.add(
          new Finding(
              ExitCode.ERROR,
              "no key signs: nobody can be issued a session; run `satchel-keys rotate --emergency`"));
    }
    if (status.isRotationOverdue()) {
      policy(
          "the next key was due at "
              + status.rotationDueAt().map(Instant::toString).orElse("-")
              + " and is not there; give one node role=writer, or run `satchel-keys rotate --if-due`"
              + " from cron");
    }
  }

  private void policy(String text) {
    findings.add(new Finding(ExitCode.POLICY, text));
  }

  private static String store(KeyRingLocation location) {
    return location.toString();
  }

  private void report() {
    if (json) {
      var node = MAPPER.createObjectNode();
      node.put("ok", findings.isEmpty());
      var list = node.putArray("findings");
      for (Finding finding : findings) {
        list.addObject().put("severity", finding.severity()).put("text", finding.text());
      }
      invocation.out().println(MAPPER.writeValueAsString(node));
      return;
    }
    if (findings.isEmpty()) {
      invocation.out().println("all is well");
    }
    for (Finding finding : findings) {
      invocation.out().println(finding.severity() + ": " + finding.text());
    }
  }

  private record Finding(int exitCode, String text) {
    String severity() {
      return switch (exitCode) {
        case ExitCode.ERROR -> "broken";
        case ExitCode.UNAVAILABLE -> "no answer";
        default -> "policy";
      };
    }
  }
}
