package dev.satchel.servlet.spring;

import dev.satchel.AttributeTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.web.servlet.FlashMap;

/**
 * Spring MVC: flash attributes, kept as a list of maps, each with where it goes and for how long.
 */
final class FlashTypes {
  private FlashTypes() {}

  static void register(AttributeTypes.Builder types) {
    types.register("s-flash", FlashMap.class, Parts.of(FlashTypes::split, FlashTypes::join));
  }

  private static List<?> split(FlashMap flash) {
    return Parts.list(
        new LinkedHashMap<>(flash),
        flash.getExpirationTime(),
        flash.getTargetRequestPath(),
        flash.getTargetRequestParams().isEmpty()
            ? null
            : new LinkedHashMap<>(flash.getTargetRequestParams()));
  }

  private static FlashMap join(Parts parts) {
    FlashMap flash = new FlashMap();
    Map<?, ?> attributes = parts.get(0, Map.class);
    attributes.forEach((name, value) -> flash.put((String) name, value));
    flash.setExpirationTime(parts.get(1, Number.class).longValue());
    flash.setTargetRequestPath(parts.optional(2, String.class));
    Map<?, ?> target = parts.optional(3, Map.class);
    if (target != null) {
      target.forEach(
          (name, values) -> {
            for (Object value : (List<?>) values) {
              flash.addTargetRequestParam((String) name, (String) value);
            }
          });
    }
    return flash;
  }
}
