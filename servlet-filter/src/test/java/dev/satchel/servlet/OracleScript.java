package dev.satchel.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What browsers ask for, one request after the other, and what the application does in each: text
 * that a person can read and a {@link ScriptPlayer} can play.
 */
record OracleScript(List<Visit> visits) {

  /** One thing the application does; a dispatch has a block, which the target plays. */
  record Step(String op, List<String> args, List<Step> block) {
    static Step of(String op, String... args) {
      return new Step(op, List.of(args), List.of());
    }

    String arg(int index) {
      return args.get(index);
    }

    /** In one line, without the block. */
    String line() {
      return args.isEmpty() ? op : op + " " + String.join(" ", args);
    }

    private void print(StringBuilder out, String indent) {
      out.append(indent).append(line());
      if (!block.isEmpty()) {
        out.append(" {\n");
        block.forEach(step -> step.print(out, indent + "  "));
        out.append(indent).append('}');
      }
      out.append('\n');
    }
  }

  /**
   * One request.
   *
   * @param browser who asks; each has its own cookies
   * @param steps what the page does
   * @param errorPage what the error page does, should it be called
   */
  record Visit(String browser, String method, List<Step> steps, List<Step> errorPage) {}

  /** How many requests and steps there are. */
  int size() {
    int[] count = {visits.size()};
    for (Visit visit : visits) {
      count(visit.steps, count);
      count(visit.errorPage, count);
    }
    return count[0];
  }

  private static void count(List<Step> steps, int[] count) {
    for (Step step : steps) {
      count[0]++;
      count(step.block, count);
    }
  }

  /** All scripts that are this one without one request or one step, the largest cuts first. */
  List<OracleScript> smaller() {
    List<OracleScript> result = new ArrayList<>();
    for (int i = visits.size() - 1; i >= 0; i--) {
      List<Visit> rest = new ArrayList<>(visits);
      rest.remove(i);
      if (!rest.isEmpty()) {
        result.add(new OracleScript(List.copyOf(rest)));
      }
    }
    for (int i = 0; i < visits.size(); i++) {
      int at = i;
      Visit visit = visits.get(i);
      if (visit.method.equals("HEAD")) {
        result.add(with(at, new Visit(visit.browser, "GET", visit.steps, visit.errorPage)));
      }
      cuts(
          visit.steps,
          steps ->
              result.add(with(at, new Visit(visit.browser, visit.method, steps, visit.errorPage))));
      cuts(
          visit.errorPage,
          steps ->
              result.add(with(at, new Visit(visit.browser, visit.method, visit.steps, steps))));
    }
    return result;
  }

  private OracleScript with(int index, Visit visit) {
    List<Visit> changed = new ArrayList<>(visits);
    changed.set(index, visit);
    return new OracleScript(List.copyOf(changed));
  }

  private static void cuts(List<Step> steps, Consumer<List<Step>> found) {
    for (int i = 0; i < steps.size(); i++) {
      int at = i;
      Step step = steps.get(i);
      found.accept(replaced(steps, at, List.of()));
      if (!step.block.isEmpty()) {
        if (!step.op.equals("async")) {
          found.accept(replaced(steps, at, step.block));
        }
        cuts(
            step.block,
            block ->
                found.accept(replaced(steps, at, List.of(new Step(step.op, step.args, block)))));
      }
    }
  }

  private static List<Step> replaced(List<Step> steps, int at, List<Step> by) {
    List<Step> changed = new ArrayList<>(steps.subList(0, at));
    changed.addAll(by);
    changed.addAll(steps.subList(at + 1, steps.size()));
    return List.copyOf(changed);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Visit visit : visits) {
      out.append(visit.browser).append(' ').append(visit.method).append('\n');
      visit.steps.forEach(step -> step.print(out, "  "));
      if (!visit.errorPage.isEmpty()) {
        out.append("  on error {\n");
        visit.errorPage.forEach(step -> step.print(out, "    "));
        out.append("  }\n");
      }
    }
    return out.toString();
  }
}
