package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file in {@code src/test/resources/vectors}, and that they are what the generator makes. */
class VectorTest {

  @BeforeAll
  static void writeIfAsked() throws Exception {
    if (Boolean.getBoolean("satchel.write")) {
      VectorGenerator.write();
    }
  }

  static Stream<String> names() throws IOException {
    return committed().keySet().stream();
  }

  private static Map<String, Vector> committed() throws IOException {
    Map<String, Vector> vectors = new TreeMap<>();
    try (Stream<Path> files = Files.list(VectorGenerator.FOLDER)) {
      for (Path file : files.toList()) {
        vectors.put(file.getFileName().toString(), Vector.parse(read(file)));
      }
    }
    return vectors;
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @MethodSource("names")
  void vector_decoded_hasTheOutcomeItSays(String name) throws IOException {
    Vector vector = committed().get(name);
    assertThat(vector.outcome()).isEqualTo(vector.expect());
    if (vector.expect().equals(Vector.ACCEPTED)) {
      TokenCodec codec = vector.codec();
      SessionState state = TestKeys.accept(codec, vector.token()).state();
      assertThat(state.id()).isEqualTo(vector.header().get("id"));
      assertThat(attributes(state)).isEqualTo(vector.header().get("attributes"));
      SessionState again = TestKeys.accept(codec, codec.encode(state)).state();
      assertThat(again.id()).isEqualTo(state.id());
      assertThat(attributes(again)).isEqualTo(vector.header().get("attributes"));
    }
  }

  private static String attributes(SessionState state) {
    StringBuilder json = new StringBuilder("{");
    state
        .attributes()
        .forEach(
            (name, slice) ->
                json.append(json.length() > 1 ? "," : "")
                    .append(StrictJson.quote(name))
                    .append(':')
                    .append(
                        new String(
                            slice.buffer(),
                            slice.offset(),
                            slice.length(),
                            StandardCharsets.UTF_8)));
    return json.append('}').toString();
  }

  @ParameterizedTest
  @MethodSource("names")
  void vector_cutAnywhere_isRejected(String name) throws IOException {
    Vector vector = committed().get(name);
    TokenCodec codec = vector.codec();
    String token = vector.token();
    int from = vector.expect().equals(Vector.ACCEPTED) ? 0 : token.length() - 1;
    for (int length = from; length < token.length(); length++) {
      String cut = token.substring(0, length);
      if (!name.equals("grammar-newline.txt") && !name.equals("grammar-six-segments.txt")) {
        assertThat(TestKeys.reject(codec, cut)).isNotEqualTo(Rejection.UNVERIFIABLE);
      }
    }
  }

  @Test
  void generator_runAgain_makesTheCommittedFiles() throws Exception {
    Map<String, Vector> made = VectorGenerator.all();
    Map<String, Vector> committed = committed();
    assertThat(made.keySet()).isEqualTo(committed.keySet());
    for (Map.Entry<String, Vector> vector : made.entrySet()) {
      String name = vector.getKey();
      Vector fresh = vector.getValue();
      if (fresh.varies()) {
        assertThat(fresh.header()).as(name).isEqualTo(committed.get(name).header());
        assertThat(fresh.outcome()).as(name).isEqualTo(fresh.expect());
      } else {
        assertThat(fresh.text()).as(name).isEqualTo(read(VectorGenerator.FOLDER.resolve(name)));
      }
    }
  }

  @Test
  void vectors_coverEveryReasonAndProfile() throws IOException {
    Set<String> reasons = new TreeSet<>();
    Set<TokenAlgorithm> accepted = EnumSet.noneOf(TokenAlgorithm.class);
    for (Vector vector : committed().values()) {
      reasons.add(vector.expect());
      if (vector.expect().equals(Vector.ACCEPTED)) {
        accepted.add(SessionKey.fromJwk(vector.header().get("key")).algorithm());
      }
    }
    assertThat(accepted).containsExactlyInAnyOrder(TokenAlgorithm.values());
    // Two tokens at once are the transport's business, and what fails on the node is no token's.
    EnumSet<Rejection> all =
        EnumSet.complementOf(EnumSet.of(Rejection.AMBIGUOUS, Rejection.UNVERIFIABLE));
    assertThat(reasons).containsAll(all.stream().map(Enum::name).toList());
  }

  @Test
  void vectors_stateOneFactEach() throws IOException {
    Map<String, Vector> vectors = committed();
    assertThat(vectors).hasSizeGreaterThanOrEqualTo(60);
    List<String> comments =
        vectors.values().stream().map(vector -> vector.header().get("comment")).toList();
    assertThat(comments).doesNotHaveDuplicates();
  }
}
