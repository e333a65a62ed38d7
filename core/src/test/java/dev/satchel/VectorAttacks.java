package dev.satchel;

import static dev.satchel.Vector.rejected;
import static dev.satchel.VectorGenerator.CBC;
import static dev.satchel.VectorGenerator.DEFLATE_VARIES;
import static dev.satchel.VectorGenerator.EC;
import static dev.satchel.VectorGenerator.EDWARDS;
import static dev.satchel.VectorGenerator.GCM;
import static dev.satchel.VectorGenerator.MAC;
import static dev.satchel.VectorGenerator.NESTED;
import static dev.satchel.VectorGenerator.SIGNATURE_VARIES;
import static dev.satchel.VectorGenerator.USER;
import static dev.satchel.VectorGenerator.WRAP;
import static dev.satchel.VectorGenerator.deflate;
import static dev.satchel.VectorGenerator.parts;
import static dev.satchel.VectorGenerator.token;

import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** The vectors of what is no token, not authentic, not ours or not readable. */
final class VectorAttacks {
  private VectorAttacks() {}

  private static String underHeader(SessionKey key, String from, String to) {
    Minter minter = new Minter(key);
    String header = minter.header().replace(from, to);
    if (header.equals(minter.header())) {
      throw new IllegalArgumentException("header unchanged: " + from);
    }
    return minter.tokenWithHeader(header);
  }

  private static String with(SessionKey key, int index, byte[] segment) {
    String[] parts = parts(key);
    parts[index] = Base64Url.encode(segment);
    return String.join(".", parts);
  }

  private static byte[] flipped(String segment) {
    byte[] bytes = Base64Url.decode(segment);
    bytes[0] ^= 1;
    return bytes;
  }

  private static Vector unreadable(String comment, String payload) {
    return rejected(Rejection.UNREADABLE, comment, GCM, new Minter(GCM).token(payload));
  }

  private static Vector header(String comment, SessionKey key, String from, String to) {
    return rejected(Rejection.UNEXPECTED_HEADER, comment, key, underHeader(key, from, to));
  }

  private static Vector grammar(String comment, SessionKey key, String token) {
    return rejected(Rejection.MALFORMED, comment, key, token);
  }

  // What is not authentic.

  static Vector unauthenticContext() {
    return rejected(Rejection.UNAUTHENTIC, "derived for another application", GCM, token(GCM))
        .with("context", "shop2/cookie/__Host-Http-shop");
  }

  static Vector unauthenticHour() {
    Instant earlier = TestKeys.NOW.minus(Duration.ofHours(1));
    String header = new Minter(GCM, TestKeys.CONTEXT, earlier).workingKey().header(false).segment();
    String token = header + token(GCM).substring(parts(GCM)[0].length());
    return rejected(Rejection.UNAUTHENTIC, "header of another hour", GCM, token);
  }

  static Vector unauthenticIv() {
    return rejected(Rejection.UNAUTHENTIC, "IV, a bit", GCM, with(GCM, 2, flipped(parts(GCM)[2])));
  }

  static Vector unauthenticCiphertext() {
    return rejected(
        Rejection.UNAUTHENTIC, "ciphertext, a bit", CBC, with(CBC, 3, flipped(parts(CBC)[3])));
  }

  static Vector unauthenticTag() {
    return rejected(Rejection.UNAUTHENTIC, "tag, a bit", GCM, with(GCM, 4, flipped(parts(GCM)[4])));
  }

  static Vector unauthenticWrappedKey() {
    return rejected(
        Rejection.UNAUTHENTIC, "wrapped key, a bit", WRAP, with(WRAP, 1, flipped(parts(WRAP)[1])));
  }

  static Vector unauthenticHs256() {
    return rejected(Rejection.UNAUTHENTIC, "MAC, a bit", MAC, with(MAC, 2, flipped(parts(MAC)[2])));
  }

  static Vector unauthenticEs256Zero() {
    return rejected(
        Rejection.UNAUTHENTIC, "r = s = 0, CVE-2022-21449", EC, with(EC, 2, new byte[64]));
  }

  static Vector unauthenticNestedInner() {
    Minter minter = new Minter(NESTED);
    String signed =
        new String(
            minter.signed(minter.claims(USER).getBytes(StandardCharsets.UTF_8)),
            StandardCharsets.US_ASCII);
    String[] parts = signed.split("\\.", -1);
    parts[2] = Base64Url.encode(flipped(parts[2]));
    String token = minter.tokenAround(String.join(".", parts));
    return rejected(Rejection.UNAUTHENTIC, "inner signature, a bit", NESTED, token);
  }

  // What is no token: strict base64url, exact lengths.

  static Vector grammarPadding() {
    return grammar("padding", GCM, token(GCM) + "==");
  }

  static Vector grammarUnusedBits() {
    String token = token(EDWARDS); // 64 bytes: four unused bits
    char last = token.charAt(token.length() - 1);
    return grammar(
        "unused bits set", EDWARDS, token.substring(0, token.length() - 1) + (char) (last + 1));
  }

  static Vector grammarNewline() {
    return grammar("line feed at the end", GCM, token(GCM) + "\n");
  }

  static Vector grammarSpace() {
    return grammar("space at a dot", GCM, token(GCM).replaceFirst("\\.", " ."));
  }

  static Vector grammarStandardAlphabet() {
    String[] parts = parts(GCM);
    parts[4] = "+/" + parts[4].substring(2);
    return grammar("letters of plain base64", GCM, String.join(".", parts));
  }

  static Vector grammarSixSegments() {
    return grammar("six segments", GCM, token(GCM) + ".");
  }

  static Vector grammarJson() {
    return grammar("JSON serialization", GCM, "{\"protected\":\"" + parts(GCM)[0] + "\"}");
  }

  static Vector grammarShortTag() {
    return grammar(
        "tag of 12 bytes", GCM, with(GCM, 4, Arrays.copyOf(Base64Url.decode(parts(GCM)[4]), 12)));
  }

  static Vector grammarLongIv() {
    return grammar("IV of 16 bytes", GCM, with(GCM, 2, new byte[16]));
  }

  static Vector grammarEncryptedKey() {
    return grammar("dir with an encrypted key", GCM, with(GCM, 1, new byte[40]));
  }

  static Vector grammarDetached() {
    return grammar("payload left out", MAC, with(MAC, 1, new byte[0]));
  }

  static Vector grammarDerSignature() throws Exception {
    Signature der = Signature.getInstance("SHA256withECDSA");
    der.initSign(EC.privateKey(), new SeededRandom("der"));
    der.update((parts(EC)[0] + "." + parts(EC)[1]).getBytes(StandardCharsets.US_ASCII));
    return grammar("ECDSA signature in DER", EC, with(EC, 2, der.sign()))
        .with("varies", SIGNATURE_VARIES);
  }

  // Headers that are not ours, authentic all the same.

  static Vector headerAlgNone() {
    return header("alg none", MAC, "HS256", "none");
  }

  static Vector headerAlgOther() {
    return header("alg of another key", GCM, "\"dir\"", "\"HS256\"");
  }

  static Vector headerAlgTwice() {
    return header("alg twice", GCM, "{", "{\"alg\":\"dir\",");
  }

  static Vector headerEncOther() {
    return header("enc of another profile", GCM, "A256GCM", "A128GCM");
  }

  static Vector headerExtraMember() {
    return header("one member more", GCM, "}", ",\"x\":1}");
  }

  static Vector headerCrit() {
    return header("crit", EDWARDS, "\"kid\"", "\"crit\":[\"exp\"],\"kid\"");
  }

  static Vector headerJku() {
    return header("jku", EDWARDS, "\"kid\"", "\"jku\":\"https://127.0.0.1:9/\",\"kid\"");
  }

  static Vector headerOrder() {
    return header(
        "members in another order",
        GCM,
        "\"alg\":\"dir\",\"enc\":\"A256GCM\"",
        "\"enc\":\"A256GCM\",\"alg\":\"dir\"");
  }

  static Vector headerSpace() {
    return header("white space", GCM, ":", ": ");
  }

  static Vector headerTyp() {
    return header("typ JWT", EDWARDS, "s+jwt", "JWT");
  }

  static Vector headerTypDerived() {
    return header("typ under a derived key", GCM, "}", ",\"typ\":\"s+jwt\"}");
  }

  static Vector headerCty() {
    return header("cty of a nested token", GCM, ",\"enc\"", ",\"cty\":\"JWT\",\"enc\"");
  }

  static Vector headerZipOnJws() {
    return header("zip on a signed token", MAC, "}", ",\"zip\":\"DEF\"}");
  }

  static Vector headerZipOther() {
    return header("zip in lower case", GCM, "}", ",\"zip\":\"def\"}");
  }

  static Vector headerKidWithoutHour() {
    return header("kid without hour", GCM, new Minter(GCM).workingKey().kid(), TestKeys.ID);
  }

  static Vector headerKidLeadingZero() {
    return header("hour with a leading zero", GCM, TestKeys.ID + ".", TestKeys.ID + ".0");
  }

  static Vector headerKidMissing() {
    return header("no kid", EDWARDS, "\"kid\":\"" + TestKeys.ID + "\",", "");
  }

  static Vector headerInner() {
    Minter minter = new Minter(NESTED);
    String payload = Base64Url.encode(minter.claims(USER).getBytes(StandardCharsets.UTF_8));
    String none = Base64Url.encode("{\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
    return rejected(
        Rejection.UNEXPECTED_HEADER,
        "nested around alg none, CVE-2026-29000",
        NESTED,
        minter.tokenAround(none + "." + payload + "."));
  }

  static Vector headerInnerTyp() {
    Minter minter = new Minter(NESTED);
    String typ = "{\"alg\":\"Ed25519\",\"kid\":\"" + TestKeys.ID + "\",\"typ\":\"s+jwt\"}";
    String signed =
        new JwsFormat(SignatureScheme.of(TokenAlgorithm.ED25519))
            .seal(
                minter.claims(USER).getBytes(StandardCharsets.UTF_8),
                Base64Url.encode(typ.getBytes(StandardCharsets.US_ASCII)),
                minter.workingKey(),
                new SeededRandom("inner typ"));
    return rejected(
        Rejection.UNEXPECTED_HEADER,
        "nested around a token that could stand alone",
        NESTED,
        minter.tokenAround(signed));
  }

  static Vector headerInnerMissing() {
    Minter minter = new Minter(NESTED);
    return rejected(
        Rejection.UNEXPECTED_HEADER,
        "nested around bare claims",
        NESTED,
        minter.tokenAround(minter.claims(USER)));
  }

  // Authentic, and too long or unreadable.

  static Vector tooLong() {
    String token = token(GCM);
    String longer = token + "A".repeat(TokenCodec.MAX_TOKEN_LENGTH + 1 - token.length());
    return rejected(Rejection.TOO_LONG, "16385 characters", GCM, longer);
  }

  static Vector tooLongInflated() {
    byte[] bomb = deflate(" ".repeat(StrictJson.MAX_DOCUMENT_LENGTH), true);
    return rejected(
            Rejection.TOO_LONG,
            "inflates to more than 100 times its size",
            GCM,
            new Minter(GCM).compressedToken(bomb))
        .with("varies", DEFLATE_VARIES);
  }

  static Vector unreadableZlib() {
    byte[] wrapped = deflate(new Minter(GCM).claims(USER), false);
    return rejected(
            Rejection.UNREADABLE,
            "zlib around DEFLATE",
            GCM,
            new Minter(GCM).compressedToken(wrapped))
        .with("varies", DEFLATE_VARIES);
  }

  static Vector unreadableByteOrderMark() {
    return unreadable("byte order mark", "\ufeff" + new Minter(GCM).claims(USER));
  }

  static Vector unreadableBehind() {
    return unreadable("text behind the claims", new Minter(GCM).claims(USER) + "{}");
  }

  static Vector unreadableTwice() {
    return unreadable(
        "a claim twice", new Minter(GCM).claims(USER).replace("\"la\":0", "\"la\":0,\"la\":0"));
  }

  static Vector unreadableAttributeTwice() {
    return unreadable("an attribute twice", new Minter(GCM).claims("{\"a\":1,\"\\u0061\":2}"));
  }

  static Vector unreadableMissing() {
    return unreadable("no iat", new Minter(GCM).claims(USER).replaceFirst("\"iat\":\\d+,", ""));
  }

  static Vector unreadableAuthTime() {
    return unreadable(
        "a sign-in after the last access",
        new Minter(GCM)
            .claims(USER)
            .replace("\"la\":0", "\"la\":0,\"sub\":\"ann\",\"auth_time\":1768473000.001"));
  }

  static Vector unreadableExponent() {
    return unreadable(
        "exp with an exponent", new Minter(GCM).claims(USER).replace("1768501800", "1768501800e0"));
  }

  static Vector unreadableDepth() {
    String deep = "[".repeat(33) + "]".repeat(33);
    return unreadable("35 levels", new Minter(GCM).claims("{\"x\":" + deep + "}"));
  }

  static Vector unreadableNumber() {
    String number = "1".repeat(65);
    return unreadable("number of 65 digits", new Minter(GCM).claims("{\"x\":" + number + "}"));
  }

  static Vector unreadableId() {
    return unreadable(
        "jti with unused bits set",
        new Minter(GCM).claims(USER).replace(Minter.SESSION_ID, "A".repeat(21) + "B"));
  }
}
