package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RingJsonTest {
  private final String json =
      new String(
          RingJson.write(
              new RingSuccession(new SeededRandom(3))
                  .bootstrap("shop", RotationPolicy.defaults(), ManualTime.START)),
          UTF_8);

  /** PROTOCOL.md (g) 27: a writer of this release keeps what a later one has added. */
  @Test
  void write_unknownMembers_kept() {
    String later =
        json.replace("\"keys\":[{", "\"later\":{\"a\":[1,2]},\"keys\":[{\"later\":1,")
            .replace("\"policy\":{", "\"policy\":{\"later\":\"x\",");
    RingDocument document = RingJson.read(later.getBytes(UTF_8));
    RingDocument next =
        document.successor("hash", 2, document.policy(), document.keys(), document.tombstones());
    String written = new String(RingJson.write(next), UTF_8);
    assertThat(written)
        .contains("\"later\":{\"a\":[1,2]}")
        .contains("\"later\":1")
        .contains("\"later\":\"x\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"v\":1|\"v\":2|v is not 1",
        "\"v\":1|\"crit\":[\"later\"],\"later\":1,\"v\":1|crit names a member",
        "\"v\":1|\"v\":1,\"v\":1|not strict JSON",
        "\"epoch\":1|\"epoch\":0|epoch is not",
        "\"epoch\":1|\"epoch\":\"1\"|epoch is not an integer",
        "\"ring\":\"shop\"|\"ring\":\"a/b\"|ring name has 3",
        "\"ring\":\"shop\"|\"rung\":\"shop\"|ring is missing",
        "\"lead\":\"PT24H\"|\"lead\":\"PT1H\"|lead is PT1H",
        "\"lead\":\"PT24H\"|\"lead\":\"soon\"|lead is not a duration",
        "\"alg\":\"A256GCM\",\"period\"|\"alg\":\"none\",\"period\"|unknown token algorithm",
        "\"origin\":\"bootstrap\"|\"origin\":\"heaven\"|keys[0]: origin",
        "\"activate\":\"2026|\"activate\":\"2036|keys[0]: notAfter is not after activate",
        "\"activate\":\"2026|\"activate\":\"never|keys[0]: activate is not an instant",
        "\"kid\":\"AA|\"kid\":\"BA|keys[0]: kid is not of this lineage",
        "\"kty\":\"oct\"|\"kty\":\"EC\"|keys[0]: JWK member 'kty'",
        "\"tombstones\":[]|\"tombstones\":{}|tombstones is not an array",
        "\"tombstones\":[]|\"tombstones\":[]} x {|not strict JSON",
      })
  void read_wrong_saysWhichMember(String part, String wrong, String message) {
    String changed = json.replace(part, wrong);
    assertThat(changed).isNotEqualTo(json);
    assertThatThrownBy(() -> RingJson.read(changed.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void read_tooDeep_refused() {
    String deep = "{\"x\":" + "[".repeat(50) + "]".repeat(50) + "}";
    assertThatThrownBy(() -> RingJson.read(deep.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void read_tooLong_refused() {
    assertThatThrownBy(() -> RingJson.read(new byte[RingJson.MAX_BYTES + 1]))
        .hasMessageContaining("bytes, allowed are");
  }

  /** RFC 8725 §3.1: the same material under two ids. */
  @Test
  void read_sameKeyTwice_refused() {
    String key =
        json.substring(json.indexOf("\"keys\":[") + 8, json.indexOf("}],\"tombstones\"") + 1);
    String twice = json.replace(key, key + "," + key);
    assertThatThrownBy(() -> RingJson.read(twice.getBytes(UTF_8)))
        .hasMessageContaining("keys[1]: the same key is there twice");
  }
}
