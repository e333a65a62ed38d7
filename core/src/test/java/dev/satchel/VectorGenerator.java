package dev.satchel;

import static dev.satchel.Vector.accepted;
import static dev.satchel.Vector.rejected;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.Deflater;

/**
 * Makes the vectors in {@code src/test/resources/vectors}, each by the method of its name, here or
 * in {@link VectorAttacks}. {@code mvn -pl core test -Dtest=VectorTest -Dsatchel.write=true} writes
 * them anew.
 */
final class VectorGenerator {
  static final Path FOLDER = Path.of("src/test/resources/vectors");

  static final SessionKey GCM = TestKeys.key(TokenAlgorithm.A256GCM);
  static final SessionKey CBC = TestKeys.key(TokenAlgorithm.A256CBC_HS512);
  static final SessionKey WRAP = TestKeys.key(TokenAlgorithm.A256KW);
  static final SessionKey MAC = TestKeys.key(TokenAlgorithm.HS256);
  static final SessionKey EDWARDS = TestKeys.key(TokenAlgorithm.ED25519);
  static final SessionKey NESTED = TestKeys.key(TokenAlgorithm.ED25519_A256GCM);

  /** Written out: JDKs differ in how they draw a pair from a random generator. */
  static final SessionKey EC =
      SessionKey.fromJwk(
          "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"7sMSK0OMWY8c0LMKSe_xdzsCpkgQeKnPkll8NasdNtw\""
              + ",\"y\":\"jCazW3cpsGIP43dN2TezQ7mGrFHuo7Hgu9UtPksoi68\",\"d\":\"JkCEe9lwYFPqc3lsyRc"
              + "uwO9GBsEniHKZ0vcdRsW8WK0\",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"test-1\"}");

  static final String USER = "{\"user\":\"alice\"}";
  static final String SIGNATURE_VARIES = "ECDSA signatures are drawn at random";
  static final String DEFLATE_VARIES = "zlib releases compress differently";

  private VectorGenerator() {}

  /** Writes every vector. */
  static void write() throws Exception {
    for (Map.Entry<String, Vector> vector : all().entrySet()) {
      Files.writeString(FOLDER.resolve(vector.getKey()), vector.getValue().text());
    }
  }

  /** Every vector by its file name. */
  static Map<String, Vector> all() throws ReflectiveOperationException {
    Map<String, Vector> all = new TreeMap<>();
    for (Class<?> type : List.of(VectorGenerator.class, VectorAttacks.class)) {
      for (Method method : type.getDeclaredMethods()) {
        if (method.getReturnType() == Vector.class && method.getParameterCount() == 0) {
          all.put(fileName(method.getName()), (Vector) method.invoke(null));
        }
      }
    }
    return all;
  }

  private static String fileName(String method) {
    return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT) + ".txt";
  }

  static String token(SessionKey key) {
    return new Minter(key).tokenOf(USER);
  }

  static String[] parts(SessionKey key) {
    return token(key).split("\\.", -1);
  }

  private static Vector at(Vector vector, Duration later) {
    return vector.with("now", TestKeys.NOW.plus(later).toString());
  }

  // What is accepted: one per profile, then what a reader may not be stricter about.

  static Vector acceptA256gcm() {
    return accepted("JWE, dir, A256GCM", GCM, USER, token(GCM));
  }

  static Vector acceptA256cbcHs512() {
    return accepted("JWE, dir, A256CBC-HS512", CBC, USER, token(CBC));
  }

  static Vector acceptA256kw() {
    return accepted("JWE, A256KW, A256GCM", WRAP, USER, token(WRAP));
  }

  static Vector acceptHs256() {
    return accepted("JWS, HS256", MAC, USER, token(MAC));
  }

  static Vector acceptEs256() {
    return accepted("JWS, ES256", EC, USER, token(EC)).with("varies", SIGNATURE_VARIES);
  }

  static Vector acceptEd25519() {
    return accepted("JWS, Ed25519", EDWARDS, USER, token(EDWARDS));
  }

  static Vector acceptNested() {
    return accepted("JWE around JWS, Ed25519 in A256GCM", NESTED, USER, token(NESTED));
  }

  static Vector acceptCompressed() {
    String attributes = "{\"text\":\"" + "the same again. ".repeat(30) + "\"}";
    byte[] payload = deflate(new Minter(GCM).claims(attributes), true);
    return accepted(
            "zip DEF in one window", GCM, attributes, new Minter(GCM).compressedToken(payload))
        .with("varies", DEFLATE_VARIES);
  }

  static Vector acceptCompressedStored() {
    // By hand: one stored block, which every zlib would inflate to the same.
    byte[] json = new Minter(GCM).claims(USER).getBytes(StandardCharsets.UTF_8);
    byte[] stream =
        CompartmentedDeflate.compress(List.of(new Claims.Piece(null, json)), Set.of(), 64);
    return accepted("zip DEF of stored blocks", GCM, USER, new Minter(GCM).compressedToken(stream));
  }

  static Vector acceptPadded() {
    Minter minter = new Minter(GCM);
    return accepted(
        "white space behind the claims", GCM, USER, minter.token(minter.claims(USER) + " \t\r\n "));
  }

  static Vector acceptUnknownClaim() {
    Minter minter = new Minter(GCM);
    String claims = minter.claims(USER).replace("\"a\":", "\"later\":{\"x\":[1]},\"a\":");
    return accepted("a claim of a later release", GCM, USER, minter.token(claims));
  }

  static Vector acceptAttributeForms() {
    String forms =
        "{\"n\":null,\"i\":-1,\"d\":1.50E+2,\"l\":[ 1 , \"\\u0041\\/\" ],\"u\":{\"@uuid\":"
            + "\"00000000-0000-0001-8000-00000000000f\"},\"later\":{\"@later\":1},\"r\":{\"#x\":{}}}";
    return accepted(
        "attributes are carried byte for byte", GCM, forms, new Minter(GCM).tokenOf(forms));
  }

  static Vector acceptMilliseconds() {
    Minter minter = new Minter(GCM);
    String claims = minter.claims(USER).replace("\"iat\":1768473000", "\"iat\":1768472999.125");
    return accepted("iat with milliseconds", GCM, USER, minter.token(claims));
  }

  static Vector acceptAuthTime() {
    Minter minter = new Minter(GCM);
    String claims =
        minter
            .claims(USER)
            .replace("\"la\":0", "\"la\":7125,\"sub\":\"ann\",\"auth_time\":1768473007.125");
    return accepted("a sign-in as late as the last access", GCM, USER, minter.token(claims))
        .with("now", "2026-01-15T10:30:08Z");
  }

  static Vector acceptLastSecond() {
    Minter minter = new Minter(GCM);
    String claims = minter.claims(USER).replace("\"mi\":1800", "\"mi\":0");
    return accepted("one nanosecond before exp and skew", GCM, USER, minter.token(claims))
        .with("now", "2026-01-15T18:30:59.999999999Z");
  }

  // When a session has ended, or not begun.

  static Vector expiredAtExp() {
    Minter minter = new Minter(GCM);
    String claims = minter.claims(USER).replace("\"mi\":1800", "\"mi\":0");
    return at(
        rejected(Rejection.EXPIRED, "exp plus 60 s of skew", GCM, minter.token(claims)),
        Duration.ofSeconds(8 * 3600 + 60));
  }

  static Vector expiredHour() {
    return at(
        rejected(Rejection.EXPIRED, "hour of kid before any living session", GCM, token(GCM)),
        Duration.ofDays(2));
  }

  static Vector expiredByPolicy() {
    Minter minter = new Minter(MAC);
    String claims =
        minter.claims(USER).replace("1768501800", "99999999999").replace("\"mi\":1800", "\"mi\":0");
    return at(
        rejected(Rejection.EXPIRED, "exp later than the reader allows", MAC, minter.token(claims)),
        Duration.ofSeconds(8 * 3600 + 60));
  }

  static Vector idle() {
    return at(
        rejected(Rejection.IDLE, "last access plus mi, without skew", GCM, token(GCM)),
        Duration.ofMinutes(30));
  }

  static Vector notYetValid() {
    return at(
        rejected(Rejection.NOT_YET_VALID, "iat more than 60 s ahead", GCM, token(GCM)),
        Duration.ofSeconds(60).plusNanos(1).negated());
  }

  static Vector notYetValidHour() {
    return at(
        rejected(Rejection.NOT_YET_VALID, "hour of kid in the future", GCM, token(GCM)),
        Duration.ofHours(-2));
  }

  static Vector revoked() {
    return rejected(Rejection.REVOKED, "session id on the list", GCM, token(GCM))
        .with("revoked", Minter.SESSION_ID);
  }

  // Which key.

  private static String ofAnotherKey() {
    return token(TestKeys.key("test-2", TokenAlgorithm.A256GCM));
  }

  static Vector unknownKey() {
    return rejected(Rejection.UNKNOWN_KEY, "kid that was never issued", GCM, ofAnotherKey());
  }

  static Vector retiredKey() {
    return rejected(Rejection.RETIRED_KEY, "kid the ring has given up", GCM, ofAnotherKey())
        .with("absent", "RETIRED");
  }

  static Vector keyNotYetKnown() {
    return rejected(Rejection.KEY_NOT_YET_KNOWN, "kid the ring may lack", GCM, ofAnotherKey())
        .with("absent", "NOT_YET_KNOWN");
  }

  static Vector wrongContextEs256() {
    return rejected(Rejection.WRONG_CONTEXT, "aud of another cookie", EC, token(EC))
        .with("context", "shop/cookie/other")
        .with("varies", SIGNATURE_VARIES);
  }

  static Vector wrongContextEd25519() {
    return rejected(Rejection.WRONG_CONTEXT, "aud of a header", EDWARDS, token(EDWARDS))
        .with("context", "shop/header/__Host-Http-shop");
  }

  static Vector wrongContextMissing() {
    Minter minter = new Minter(EDWARDS);
    String claims = minter.claims(USER).replaceFirst("\"aud\":\"[^\"]*\",", "");
    return rejected(Rejection.WRONG_CONTEXT, "no aud", EDWARDS, minter.token(claims));
  }

  static byte[] deflate(String text, boolean nowrap) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, nowrap);
    deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
    deflater.finish();
    byte[] buffer = new byte[text.length() + 64];
    int length = deflater.deflate(buffer);
    deflater.end();
    return Arrays.copyOf(buffer, length);
  }
}
