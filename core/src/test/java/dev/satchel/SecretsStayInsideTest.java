package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Canaries in every secret place; then everything that can be printed is searched for them. */
class SecretsStayInsideTest {
  private static final String VALUE = "canaryValue7391";
  private static final String SUBJECT = "canarySubject5520";

  private final List<String> printed = new ArrayList<>();

  private void print(Object object) {
    printed.add(String.valueOf(object));
  }

  /** Runs what must fail, and keeps all that its exception says. */
  private void fail(Callable<?> misuse) {
    try {
      Object result = misuse.call();
      throw new AssertionError("did not fail: " + result);
    } catch (Exception e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      printed.add(trace.toString());
    }
  }

  private static List<String> forms(byte[] secret) {
    List<String> forms = new ArrayList<>();
    forms.add(Base64Url.encode(secret).substring(0, 12));
    forms.add(Base64.getEncoder().encodeToString(secret).substring(0, 12));
    forms.add(HexFormat.of().formatHex(secret).substring(0, 16));
    forms.add(HexFormat.of().withUpperCase().formatHex(secret).substring(0, 16));
    forms.add(HexFormat.ofDelimiter(":").formatHex(secret).substring(0, 16));
    forms.add(java.util.Arrays.toString(secret).substring(1, 20));
    forms.add(new BigInteger(1, secret).toString().substring(0, 16));
    forms.add(new String(secret, StandardCharsets.ISO_8859_1).substring(0, 8));
    return forms;
  }

  private static List<byte[]> secrets(SessionKey key, WorkingKey workingKey) {
    List<byte[]> secrets = new ArrayList<>();
    if (key.hasSecret()) {
      secrets.add(key.secret());
      secrets.add(workingKey.secret().getEncoded());
      secrets.add(workingKey.ivSecret().getEncoded());
    }
    if (key.privateKey() instanceof ECPrivateKey ec) {
      secrets.add(ec.getS().toByteArray());
    } else if (key.privateKey() != null) {
      byte[] der = key.privateKey().getEncoded();
      secrets.add(java.util.Arrays.copyOfRange(der, der.length - 32, der.length));
    }
    return secrets;
  }

  @ParameterizedTest
  @EnumSource(TokenAlgorithm.class)
  void nothingSecret_inAnyTextOrException(TokenAlgorithm algorithm) {
    SessionKey key = TestKeys.key(algorithm);
    Minter minter = new Minter(key);
    TokenCodec codec =
        TestKeys.codec(key)
            .policy(SessionPolicy.defaults().withSecretAttributes(Set.of("pin")))
            .build();
    SessionState state =
        codec
            .create()
            .withSubject(SUBJECT)
            .withAttribute("pin", VALUE)
            .withAttribute("b", List.of(VALUE));
    String token = codec.encode(state);
    Decoded.Accepted accepted = TestKeys.accept(codec, token);

    for (Object object :
        new Object[] {
          key,
          key.withoutPrivatePart(),
          KeyRing.of(key),
          KeySource.of(KeyRing.of(key)),
          codec,
          TestKeys.codec(key),
          state,
          accepted,
          accepted.state(),
          codec.decode(token + "x"),
          codec.decode(token.substring(1)),
          minter.workingKey(),
          minter.workingKey().format(),
          minter.workingKey().header(true),
          state.attributes(),
          state.attributes().get("pin"),
          AttributeTypes.builtIn(),
          new Claims(TestKeys.CONTEXT, AttributeTypes.builtIn()).write(state, true),
          new Payload(VALUE.getBytes(StandardCharsets.UTF_8), false),
          new RejectedTokenException(Rejection.IDLE)
        }) {
      print(object);
    }
    fail(() -> codec.encode(state, 10));
    fail(() -> state.withAttribute("c", Map.of(VALUE, new Secretive())));
    fail(() -> state.withAttribute("c", new Secretive[] {new Secretive()}));
    fail(() -> unreadable(codec, minter, "{\"@uuid\":\"" + VALUE + "\"}"));
    fail(() -> unreadable(codec, minter, "{\"#alias\":\"" + VALUE + "\"}"));
    fail(() -> unreadable(codec, minter, "{\"@" + VALUE + "\":1}"));
    fail(() -> unreadable(codec, minter, "{\"@set\":\"" + VALUE + "\"}"));
    print(codec.decode(minter.tokenOf("{\"x\":\"" + VALUE + "\",}")));
    String jwk = key.toSecretJwk();
    fail(() -> SessionKey.fromJwk(jwk + "x"));
    fail(() -> SessionKey.fromJwk(jwk.substring(0, jwk.length() - 1)));
    fail(() -> SessionKey.fromJwk(jwk.replace("\"kty\":\"", "\"kty\":\"x")));
    fail(() -> SessionKey.fromJwk(jwk.replace("\"kid\"", "\"x\"")));
    fail(() -> SessionKey.fromJwk(jwk.replaceAll("\"(k|d|x)\":\"", "\"$1\":\"!")));
    fail(() -> SessionKey.fromJwk(jwk.replaceAll("\"(k|d|x)\":\"", "\"$1\":\"AAAA")));
    fail(() -> KeyRing.of(key, key));
    fail(() -> KeyRing.of(key, SessionKey.fromJwk(jwk.replace(TestKeys.ID, "other"))));

    List<String> canaries = new ArrayList<>(List.of(VALUE, SUBJECT, token, state.id()));
    for (byte[] secret : secrets(key, minter.workingKey())) {
      canaries.addAll(forms(secret));
    }
    for (String segment : token.split("\\.", -1)) {
      if (segment.length() > 20 && !token.startsWith(segment)) {
        canaries.add(segment.substring(0, 20)); // the header is no secret
      }
    }
    assertThat(printed).hasSizeGreaterThan(30);
    for (String text : printed) {
      assertThat(text.toLowerCase(Locale.ROOT))
          .doesNotContain(canaries.stream().map(c -> c.toLowerCase(Locale.ROOT)).toList());
    }
  }

  private static Object unreadable(TokenCodec codec, Minter minter, String value) {
    return TestKeys.accept(codec, minter.tokenOf("{\"x\":" + value + "}")).state().attribute("x");
  }

  /** Says too much about itself. */
  private static final class Secretive {
    @Override
    public String toString() {
      return VALUE;
    }
  }

  @Test
  void nothing_isPrintedOrLogged() {
    Logger root = Logger.getLogger("");
    List<String> logged = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            logged.add(line.getLoggerName() + ": " + line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Level level = root.getLevel();
    ByteArrayOutputStream console = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream capture = new PrintStream(console, true, StandardCharsets.UTF_8);
    root.addHandler(handler);
    root.setLevel(Level.ALL);
    System.setOut(capture);
    System.setErr(capture);
    try {
      for (TokenAlgorithm algorithm : TokenAlgorithm.values()) {
        TokenCodec codec = TestKeys.codec(TestKeys.key(algorithm)).build();
        String token = codec.encode(codec.create().withAttribute("x", VALUE));
        TestKeys.accept(codec, token);
        TestKeys.reject(codec, token + "A");
        TestKeys.reject(codec, "x" + token);
      }
    } finally {
      System.setOut(out);
      System.setErr(err);
      root.removeHandler(handler);
      root.setLevel(level);
    }
    assertThat(console.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(logged).noneMatch(line -> line.contains(VALUE) || line.startsWith("dev.satchel"));
  }
}
