package dev.satchel.keys.cli;

import dev.satchel.keys.KeyRingStatus;
import java.io.PrintStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Who may open a ring, as lines or as JSON whose members only ever grow. */
final class RecipientsReport {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private RecipientsReport() {}

  static void print(KeyRingStatus status, boolean json, PrintStream out) {
    String own = status.sealedUnder().keyId().orElse("");
    if (json) {
      ObjectNode node = MAPPER.createObjectNode();
      node.put("ring", status.ring());
      node.put("lineage", status.lineage());
      node.put("epoch", status.epoch());
      var list = node.putArray("recipients");
      for (String id : status.sealedUnder().recipients()) {
        list.addObject().put("kid", id).put("inUseHere", id.equals(own));
      }
      StatusReport.print(node, out);
      return;
    }
    out.println("ring      " + status.ring());
    out.println("lineage   " + status.lineage());
    out.println("epoch     " + status.epoch());
    for (String id : status.sealedUnder().recipients()) {
      out.println("recipient " + id + (id.equals(own) ? "  (in use here)" : ""));
    }
  }
}
