package dev.satchel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.annotation.JsonTypeIdResolver;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/** Records, beans, enums and codecs that the application registered. */
class RegisteredTypesTest {

  record Cart(String owner, List<Item> items, LocalDate day) {}

  record Item(String name, BigDecimal price) {}

  enum Colour {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "not its name";
      }
    }
  }

  static class Bean {
    private int count;
    private Bean next;

    public int getCount() {
      return count;
    }

    public void setCount(int count) {
      this.count = count;
    }

    public Bean getNext() {
      return next;
    }

    public void setNext(Bean next) {
      this.next = next;
    }
  }

  record Money(long cents) {}

  private static final AttributeCodec<Money> MONEY =
      new AttributeCodec<>() {
        @Override
        public String write(Money value) {
          return value.cents() + "¢\ud800";
        }

        @Override
        public Money read(String text) {
          return new Money(Long.parseLong(text.substring(0, text.indexOf('¢'))));
        }
      };

  record Box(Object content, String label) {}

  private static final AttributeParts<Box> BOX =
      new AttributeParts<>() {
        @Override
        public List<Object> split(Box box) {
          return Arrays.asList(box.content(), box.label());
        }

        @Override
        public Box join(List<Object> parts) {
          return new Box(parts.get(0), (String) parts.get(1));
        }
      };

  private final AttributeTypes types =
      AttributeTypes.builder()
          .register("box", Box.class, BOX)
          .register("cart", Cart.class)
          .register("colour", Colour.class)
          .register("bean", Bean.class)
          .register("eur", Money.class, MONEY)
          .build();

  private final SessionKey key = TestKeys.key(TokenAlgorithm.A256GCM);
  private final TokenCodec codec = TestKeys.codec(key).attributeTypes(types).build();

  private static final Cart CART =
      new Cart("zoë", List.of(new Item("pear", new BigDecimal("1.50"))), LocalDate.of(2026, 1, 15));

  private static String json(JsonSlice slice) {
    return new String(slice.buffer(), slice.offset(), slice.length(), StandardCharsets.UTF_8);
  }

  @Test
  void record_registered_comesBackEqual() {
    assertThat(types.read(types.write(CART))).isEqualTo(CART);
    assertThat(types.read(types.write(List.of(CART, Map.of("c", CART)))))
        .isEqualTo(List.of(CART, Map.of("c", CART)));
    assertThat(json(types.write(CART))).startsWith("{\"#cart\":{").doesNotContain("dev.satchel");
  }

  @Test
  void enumAndCodec_registered_comeBackEqual() {
    for (Object value : List.of(Colour.RED, Colour.GREEN, new Money(-5))) {
      assertThat(types.read(types.write(value))).isEqualTo(value);
    }
    assertThat(types.read(types.write(Map.of(Colour.GREEN, 1)))).isEqualTo(Map.of(Colour.GREEN, 1));
    assertThat(json(types.write(Colour.GREEN))).isEqualTo("{\"#colour\":\"GREEN\"}");
  }

  @Test
  void parts_ofOtherRegisteredTypes_comeBackEqual() {
    Box box = new Box(List.of(new Box(CART, null), new Money(7), Colour.RED), "#box");
    assertThat(types.read(types.write(box))).isEqualTo(box);
    assertThat(json(types.write(new Box(true, null)))).isEqualTo("{\"#box\":[true,null]}");
  }

  @Test
  void parts_ofAnUnknownType_areRefusedByName() {
    assertThatThrownBy(() -> types.requireWritable(new Box(new StringBuilder("secret"), "x")))
        .isInstanceOf(AttributeException.class)
        .hasMessageContaining("java.lang.StringBuilder")
        .hasMessageNotContaining("secret");
  }

  @Test
  void parts_nestedDeeperThanTheReaderTakes_areRefused() {
    Box box = new Box("x", null);
    for (int levels = 1; levels < 16; levels++) { // an object and an array each
      box = new Box(box, null);
    }
    assertThat(types.read(types.write(box))).isEqualTo(box);
    assertThat(types.canWrite(new Box(box, null))).isFalse();
  }

  @Test
  void parts_thatAreNotThoseOfTheType_makeTheAttributeUnreadable() {
    for (String stored :
        List.of("{\"#box\":[]}", "{\"#box\":[1,2]}", "{\"#box\":\"x\"}", "{\"#box\":[1,null]")) {
      byte[] bytes = stored.getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> types.read(new JsonSlice(bytes, 0, bytes.length)))
          .as(stored)
          .isInstanceOf(AttributeException.class);
    }
  }

  @Test
  void bean_registered_comesBack() {
    Bean bean = new Bean();
    bean.setCount(7);
    Bean read = (Bean) types.read(types.write(bean));
    assertThat(read.getCount()).isEqualTo(7);
    assertThat(read.getNext()).isNull();
  }

  @Test
  void bean_nestedDeeperThanTheReaderTakes_isRefused() {
    assertThat(types.canWrite(chain(31))).isTrue();
    Bean read = (Bean) types.read(types.write(chain(31)));
    int length = 0;
    for (Bean bean = read; bean != null; bean = bean.getNext()) {
      length++;
    }
    assertThat(length).isEqualTo(31);
    assertThat(types.canWrite(chain(32))).isFalse();
    assertThat(types.canWrite(chain(5_000))).isFalse();
    Bean loop = new Bean();
    loop.setNext(loop);
    assertThatThrownBy(() -> types.write(loop)).isInstanceOf(AttributeException.class);
  }

  private static Bean chain(int length) {
    Bean head = null;
    for (int i = 0; i < length; i++) {
      Bean bean = new Bean();
      bean.setNext(head);
      head = bean;
    }
    return head;
  }

  @Test
  void deepestBean_inAToken_isReadAgain() {
    SessionState state = codec.create().withAttribute("deep", chain(31));
    SessionState read = TestKeys.accept(codec, codec.encode(state)).state();
    assertThat(read.attribute("deep")).isInstanceOf(Bean.class);
  }

  @Test
  void aliasRemovedLater_attributeUnreadable_sessionAliveAndCarriedVerbatim() {
    String token =
        codec.encode(codec.create().withAttribute("cart", CART).withAttribute("user", "zoë"));
    TokenCodec without = TestKeys.codec(key).build();

    SessionState read = TestKeys.accept(without, token).state();

    assertThat(read.attribute("user")).isEqualTo("zoë");
    assertThat(read.attributeNames()).containsExactly("cart", "user");
    assertThatThrownBy(() -> read.attribute("cart"))
        .isInstanceOf(AttributeException.class)
        .hasMessage("an alias is not registered here; registered are []");
    String again = without.encode(read.withAttribute("user", "anna"));
    SessionState back = TestKeys.accept(codec, again).state();
    assertThat(back.attribute("cart")).isEqualTo(CART);
    assertThat(back.attribute("user")).isEqualTo("anna");
  }

  record CartOfNewerRelease(
      String owner, List<Item> items, LocalDate day, Map<String, String> notes) {}

  @Test
  void record_writtenByANewerRelease_isReadByTheOlder() {
    AttributeTypes newer =
        AttributeTypes.builder().register("cart", CartOfNewerRelease.class).build();
    CartOfNewerRelease cart =
        new CartOfNewerRelease("zoë", CART.items(), CART.day(), Map.of("gift", "yes"));
    assertThat(types.read(newer.write(cart))).isEqualTo(CART);
  }

  record CartOfOlderRelease(String owner) {}

  record CartWithCount(String owner, int count) {}

  @Test
  void record_writtenByAnOlderRelease_isReadByTheNewer() {
    AttributeTypes older =
        AttributeTypes.builder().register("cart", CartOfOlderRelease.class).build();
    AttributeTypes newer = AttributeTypes.builder().register("cart", CartWithCount.class).build();
    assertThat(newer.read(older.write(new CartOfOlderRelease("zoë"))))
        .isEqualTo(new CartWithCount("zoë", 0));
  }

  record OtherShape(int owner) {}

  @Test
  void record_ofAnotherShapeUnderTheAlias_isUnreadableWithoutItsContent() {
    AttributeTypes other = AttributeTypes.builder().register("cart", OtherShape.class).build();
    assertThatThrownBy(() -> other.read(types.write(CART)))
        .isInstanceOf(AttributeException.class)
        .hasNoCause()
        .hasMessageNotContaining("zoë");
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
  static class NamedByClass {
    public String text = "x";
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
  static class NamedByMinimalClass {
    public String text = "x";
  }

  static class HolderOfAnything {
    @JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
    public Object anything = new ArrayList<>();
  }

  @Test
  void type_thatLetsATokenChooseWhatIsLoaded_isRefusedAtStartUp() {
    for (Class<?> type :
        List.of(
            NamedByClass.class,
            NamedByMinimalClass.class,
            HolderOfAnything.class,
            NamedByResolver.class,
            HolderOfClass.class,
            HolderOfHosts.class)) {
      AttributeTypes.Builder builder = AttributeTypes.builder().register("c", type);
      assertThatThrownBy(builder::build)
          .as(type.getSimpleName())
          .isInstanceOf(AttributeException.class)
          .hasMessageContaining(type.getSimpleName());
    }
  }

  static class NamedByResolver {
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonTypeIdResolver(ClassNameIdResolver.class)
    public Object anything = "x";
  }

  static final class ClassNameIdResolver extends TypeIdResolverBase {
    private static final long serialVersionUID = 1L;

    @Override
    public String idFromValue(DatabindContext context, Object value) {
      return value.getClass().getName();
    }

    @Override
    public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
      return type.getName();
    }

    @Override
    public JsonTypeInfo.Id getMechanism() {
      return JsonTypeInfo.Id.CUSTOM;
    }
  }

  record HolderOfClass(Class<?> type) {}

  record HolderOfHosts(List<InetAddress> hosts) {}

  record Untyped(Object value, Map<String, Object> more) {}

  @Test
  void property_withoutDeclaredType_takesWhatJsonHasAndNothingElse() {
    AttributeTypes types = AttributeTypes.builder().register("u", Untyped.class).build();
    Untyped json = new Untyped(List.of(1, "x", true), Map.of("n", 2.5));
    assertThat(types.read(types.write(json))).isEqualTo(json);
    assertThat(types.canWrite(new Untyped(java.time.LocalDate.EPOCH, Map.of()))).isFalse();
    assertThat(types.canWrite(new Untyped("x", Map.of("key", new StringBuilder("secret")))))
        .isFalse();
  }

  @Test
  void refusal_ofAnUntypedProperty_namesTheTypeAndNotTheValue() {
    AttributeTypes types = AttributeTypes.builder().register("u", Untyped.class).build();
    assertThatThrownBy(() -> types.write(new Untyped(new StringBuilder("hunter2"), Map.of())))
        .isInstanceOf(AttributeException.class)
        .hasMessageContaining("java.lang.StringBuilder")
        .hasMessageNotContaining("hunter2");
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
  sealed interface Shape permits Circle, Square {}

  @JsonTypeName("circle")
  record Circle(int radius) implements Shape {}

  @JsonTypeName("square")
  record Square(int side) implements Shape {}

  record Drawing(List<Shape> shapes) {}

  @Test
  void type_namedByAListedName_isRead() {
    AttributeTypes named = AttributeTypes.builder().register("d", Drawing.class).build();
    Drawing drawing = new Drawing(List.of(new Circle(1), new Square(2)));
    assertThat(named.read(named.write(drawing))).isEqualTo(drawing);
  }

  static class HolderOfObject {
    public Object anything;
  }

  @Test
  void classNames_inAPropertyOfAnyType_stayPlainData() {
    AttributeTypes open = AttributeTypes.builder().register("o", HolderOfObject.class).build();
    String json =
        "{\"#o\":{\"anything\":[\"java.net.URL\",{\"@class\":\"javax.naming.InitialContext\"}]}}";
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    HolderOfObject read = (HolderOfObject) open.read(new JsonSlice(bytes, 0, bytes.length));
    assertThat(read.anything)
        .isEqualTo(List.of("java.net.URL", Map.of("@class", "javax.naming.InitialContext")));
  }

  static class WritesNull {
    @JsonValue
    public String value() {
      return null;
    }
  }

  @Test
  void bean_writtenAsNull_isRefused() {
    AttributeTypes types = AttributeTypes.builder().register("n", WritesNull.class).build();
    assertThatThrownBy(() -> types.write(new WritesNull())).isInstanceOf(AttributeException.class);
  }

  static class Throwing {
    public String getSecret() {
      throw new IllegalStateException("canary");
    }
  }

  @Test
  void bean_whoseGetterThrows_isRefusedWithoutItsMessage() {
    AttributeTypes types = AttributeTypes.builder().register("t", Throwing.class).build();
    assertThatThrownBy(() -> types.write(new Throwing()))
        .isInstanceOf(AttributeException.class)
        .hasNoCause()
        .hasMessageNotContaining("canary");
  }

  @Test
  void registration_thatIsAmbiguousOrMalformed_isRefused() {
    AttributeTypes.Builder builder = AttributeTypes.builder().register("cart", Cart.class);
    assertThatThrownBy(() -> builder.register("cart", Item.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("attribute alias 'cart' is already registered for " + Cart.class.getName());
    assertThatThrownBy(() -> builder.register("cart2", Cart.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is already registered as 'cart'");
    for (String alias : List.of("", "Cart", "@x", "#x", "1", "a b", "é", "a".repeat(33))) {
      assertThatThrownBy(() -> builder.register(alias, Item.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("allowed is [a-z][A-Za-z0-9_-]{0,31}");
    }
    assertThat(builder.build()).hasToString("AttributeTypes[aliases=[cart]]");
  }

  @Test
  void buildersAreSnapshots() {
    AttributeTypes.Builder builder = AttributeTypes.builder();
    AttributeTypes before = builder.build();
    builder.register("cart", Cart.class);
    assertThat(before.canWrite(CART)).isFalse();
    assertThat(builder.build().canWrite(CART)).isTrue();
  }
}
