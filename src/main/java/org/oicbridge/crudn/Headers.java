package org.oicbridge.crudn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Header fields of a CRUDN message under their HTTP names (OIC Remote Access section 7.3.1).
 * Immutable; names compare without case, a name may stand more than once, order is kept.
 */
public final class Headers {
  /** No headers. */
  public static final Headers NONE = new Headers(List.of());

  private record Field(String name, String value) {}

  private final List<Field> fields;

  private Headers(List<Field> fields) {
    this.fields = fields;
  }

  /** One header. */
  public static Headers of(String name, String value) {
    return NONE.with(name, value);
  }

  /** These headers and one more behind them. */
  public Headers with(String name, String value) {
    List<Field> more = new ArrayList<>(fields.size() + 1);
    more.addAll(fields);
    more.add(new Field(name, value.strip()));
    return new Headers(List.copyOf(more));
  }

  /** These headers without any of this name. */
  public Headers without(String name) {
    return get(name).isEmpty()
        ? this
        : new Headers(fields.stream().filter(f -> !f.name.equalsIgnoreCase(name)).toList());
  }

  /** The value of the first header of this name. */
  public Optional<String> get(String name) {
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return Optional.of(field.value);
      }
    }
    return Optional.empty();
  }

  /** Calls back with the name and value of each header in order. */
  public void forEach(BiConsumer<String, String> each) {
    fields.forEach(field -> each.accept(field.name, field.value));
  }

  /** How many header fields there are. */
  public int size() {
    return fields.size();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Headers that && fields.equals(that.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
