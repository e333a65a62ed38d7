package dev.satchel.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObjectJSON;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MultiEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import java.security.Key;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jose4j.jca.ProviderContext;
import org.jose4j.jwa.AlgorithmFactoryFactory;
import org.jose4j.jwe.ContentEncryptionKeyDescriptor;
import org.jose4j.jwe.KeyManagementAlgorithm;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwx.Headers;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON form of a sealed ring: its bounds, parts of others in it, and other libraries. */
class RecipientFormTest {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final RingFixture ring = new RingFixture();
  private final String shopJwk = RecipientKey.generateJwk(new SeededRandom(11));
  private final KeyEncryptionKey shop = KeyEncryptionKey.ofPrivateJwk(shopJwk);
  private final RecipientKey shopPublic = RecipientKey.fromJwk(shopJwk);

  @Test
  void sixtyFour_accepted_sixtyFive_refused() throws Exception {
    String lineage =
        new KeyCustodian(ring.store, shop, ring.time)
            .creation("shop", RotationPolicy.defaults())
            .commit()
            .lineage();
    KeyCustodian custodian = new KeyCustodian(ring.store, shop, lineage, ring.time);
    List<RecipientKey> others = recipients(64);
    assertThatThrownBy(() -> custodian.recipientAddition(others))
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.POLICY))
        .hasMessageContaining("65 recipients, allowed are 64");
    custodian.recipientAddition(others.subList(0, 63)).orElseThrow().commit();
    assertThat(new KeyCustodian(ring.store, shop, lineage, ring.time).recipients()).hasSize(64);
    // The list outside is counted before any of its members is looked at.
    ObjectNode document = (ObjectNode) MAPPER.readTree(stored());
    ((ArrayNode) document.get("recipients")).add(1);
    assertRefused(document, "not a list of 1 to 64 members");
    assertThatThrownBy(() -> custodian.exported(recipients(65)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65 recipients, allowed are 1 to 64");
    assertThatThrownBy(() -> custodian.exported(List.of(shopPublic, shopPublic)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("twice");
  }

  /** Every part of one document in the place of the same part of another. */
  @Test
  void partsOfAnotherRing_unreadable() throws Exception {
    ring.init();
    ObjectNode here = sealed(ring);
    RingFixture other = new RingFixture();
    // Of another random generator: with the same one, both have the same content key.
    other.custodian(7).creation("other", RotationPolicy.defaults()).commit();
    ObjectNode there = sealed(other.custodian(8));
    open(here);
    open(there);
    for (String part : List.of("protected", "recipients", "iv", "ciphertext", "tag")) {
      ObjectNode mixed = here.deepCopy();
      mixed.set(part, there.get(part));
      assertRefused(mixed, "cannot be read");
    }
    // All but the header, which says which ring it is.
    ObjectNode renamed = there.deepCopy();
    renamed.set("protected", here.get("protected"));
    assertRefused(renamed, "damaged");
  }

  /** And of one ring at another epoch: yesterday's recipients do not fit today's document. */
  @Test
  void partsOfAnotherEpoch_unreadable() throws Exception {
    ring.init();
    ObjectNode before = sealed(ring);
    ring.custodian.emergencyRotation().commit();
    ObjectNode after = sealed(ring);
    for (String part : List.of("protected", "recipients", "iv", "ciphertext", "tag")) {
      ObjectNode mixed = after.deepCopy();
      mixed.set(part, before.get(part));
      assertRefused(mixed, "cannot be read");
    }
  }

  /** jose4j agrees on the key and unwraps it; the content is then plain AES-GCM (RFC 7516 §5.2). */
  @Test
  void jose4j_opensWhatWeSeal() throws Exception {
    ring.init();
    JsonNode document = sealed(ring);
    JsonNode entry = document.get("recipients").get(0);
    Headers headers = new Headers();
    headers.setFullHeaderAsJsonString(
        "{\"alg\":\"ECDH-ES+A256KW\",\"enc\":\"A256GCM\",\"epk\":"
            + entry.get("header").get("epk")
            + "}");
    KeyManagementAlgorithm algorithm =
        AlgorithmFactoryFactory.getInstance()
            .getJweKeyManagementAlgorithmFactory()
            .getAlgorithm("ECDH-ES+A256KW");
    ProviderContext provider = new ProviderContext();
    Key contentKey =
        algorithm.manageForDecrypt(
            algorithm.prepareForDecrypt(
                PublicJsonWebKey.Factory.newPublicJwk(shopJwk).getPrivateKey(), headers, provider),
            bytes(entry, "encrypted_key"),
            new ContentEncryptionKeyDescriptor(32, "AES"),
            headers,
            provider);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, contentKey, new GCMParameterSpec(128, bytes(document, "iv")));
    cipher.updateAAD(document.get("protected").stringValue().getBytes(UTF_8));
    cipher.update(bytes(document, "ciphertext"));
    JsonNode content = MAPPER.readTree(cipher.doFinal(bytes(document, "tag")));
    assertThat(content.get("lineage").stringValue()).isEqualTo(ring.custodian.status().lineage());
    assertThat(content.get("keys")).hasSize(1);
  }

  /** Another library's spelling of the same is valid JOSE, and none of ours: one ring, one form. */
  @Test
  void nimbus_sealsInAnotherForm_refusedForIt() throws Exception {
    ring.init();
    JWEObjectJSON jwe =
        new JWEObjectJSON(
            new JWEHeader.Builder(EncryptionMethod.A256GCM).build(), new Payload("{}"));
    ECKey parsed = ECKey.parse(shopPublic.toJwk());
    jwe.encrypt(
        new MultiEncrypter(
            new JWKSet(
                new ECKey.Builder(Curve.P_256, parsed.getX(), parsed.getY())
                    .algorithm(JWEAlgorithm.ECDH_ES_A256KW)
                    .keyID(shopPublic.id())
                    .build())));
    assertThatThrownBy(
            () ->
                new SealedRing(shop, new SeededRandom(1))
                    .open(jwe.serializeGeneral().getBytes(UTF_8), "here"))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("not sealed, or not as rings are");
  }

  private static byte[] bytes(JsonNode node, String name) {
    return Base64.getUrlDecoder().decode(node.get(name).stringValue());
  }

  private List<RecipientKey> recipients(int count) {
    var keys = new ArrayList<RecipientKey>();
    for (int i = 0; i < count; i++) {
      keys.add(RecipientKey.fromJwk(RecipientKey.generateJwk(new SeededRandom(100 + i))));
    }
    return keys;
  }

  private ObjectNode sealed(RingFixture of) {
    return sealed(of.custodian);
  }

  private ObjectNode sealed(KeyCustodian custodian) {
    return (ObjectNode) MAPPER.readTree(custodian.exported(List.of(shopPublic)));
  }

  private RingDocument open(ObjectNode document) {
    return new SealedRing(shop, new SeededRandom(1))
        .open(MAPPER.writeValueAsBytes(document), "here");
  }

  private void assertRefused(ObjectNode document, String message) {
    assertThatThrownBy(() -> open(document))
        .isInstanceOfSatisfying(
            KeyRingException.class,
            e -> assertThat(e.reason()).isEqualTo(KeyRingException.Reason.UNREADABLE))
        .hasMessageContaining(message);
  }

  private String stored() {
    return new String(ring.store.read().orElseThrow().document(), UTF_8);
  }
}
