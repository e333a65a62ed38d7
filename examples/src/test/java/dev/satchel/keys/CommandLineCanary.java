package dev.satchel.keys;

import picocli.CommandLine;

/** Breaks the rule that only the command line knows picocli. */
public interface CommandLineCanary {
  CommandLine commandLine();
}
