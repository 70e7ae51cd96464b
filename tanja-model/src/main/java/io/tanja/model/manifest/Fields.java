package io.tanja.model.manifest;

import io.tanja.model.identity.Quote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Typed access to the fields of one map. A field that is absent or null gives the default; one of the wrong type gives
 * the default and an error in the report. Remembers which fields were asked for, so that {@link #noOthers} can refuse the
 * rest. Used by the one thread that reads the object.
 */
final class Fields {
    private final ObjectReport report;
    private final String path;
    private final YamlNode.Mapping node;
    private final Set<String> known = new LinkedHashSet<>();

    Fields(ObjectReport report, String path, YamlNode.Mapping node) {
        this.report = report;
        this.path = path;
        this.node = node;
    }

    /** A map without fields, in place of one that is absent. */
    Fields none(String name) {
        return new Fields(report, path(name), new YamlNode.Mapping(Map.of(), node.line()));
    }

    ObjectReport report() {
        return report;
    }

    int line() {
        return node.line();
    }

    boolean isEmpty() {
        return node.entries().isEmpty();
    }

    Set<String> names() {
        return node.entries().keySet();
    }

    String path(String name) {
        String printable = Quote.printable(name);
        return path.isEmpty() ? printable : path + "." + printable;
    }

    /** Whether the field is there and not null. */
    boolean has(String name) {
        return value(name) != null;
    }

    void error(String name, String message, String remedy) {
        YamlNode.Entry entry = node.entries().get(name);
        report.error(entry == null ? node.line() : entry.line(), path(name), message, remedy);
    }

    void warning(String name, String message, String remedy) {
        YamlNode.Entry entry = node.entries().get(name);
        report.warning(entry == null ? node.line() : entry.line(), path(name), message, remedy);
    }

    private void wrongType(String field, YamlNode value, String wanted, String remedy) {
        report.error(value.line(), field, "must be " + wanted + ", is " + value.what(), remedy);
    }

    @Nullable
    YamlNode value(String name) {
        known.add(name);
        YamlNode.Entry entry = node.entries().get(name);
        if (entry == null || entry.value() instanceof YamlNode.Scalar s && s.isNull()) {
            return null;
        }
        report.seen(path(name), entry.line());
        return entry.value();
    }

    @Nullable
    String string(String name) {
        YamlNode value = value(name);
        return value == null ? null : string(path(name), value);
    }

    String string(String name, String absent) {
        String value = string(name);
        return value == null ? absent : value;
    }

    private @Nullable String string(String field, YamlNode value) {
        if (value instanceof YamlNode.Scalar s && s.isString()) {
            return s.text();
        }
        String remedy = value instanceof YamlNode.Scalar s
                ? "put it in quotes: \"" + Quote.printable(s.text()) + "\""
                : "write one string";
        wrongType(field, value, "a string", remedy);
        return null;
    }

    /** A string that must be there and not be empty; empty after an error. */
    String required(String name, String remedy) {
        YamlNode value = value(name);
        String text = value == null ? "" : string(path(name), value);
        if (value == null || text != null && text.isEmpty()) {
            error(name, "is missing", remedy);
        }
        return text == null ? "" : text;
    }

    boolean bool(String name, boolean absent) {
        YamlNode value = value(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof YamlNode.Scalar s && s.isBoolean()) {
            return s.text().toLowerCase(Locale.ROOT).equals("true");
        }
        wrongType(path(name), value, "a boolean", "write true or false, without quotes");
        return absent;
    }

    int integer(String name, int absent, int min, int max) {
        YamlNode value = value(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof YamlNode.Scalar s && s.isInteger()) {
            long number = Long.parseLong(s.text());
            if (number >= min && number <= max) {
                return (int) number;
            }
            error(name, "is " + number + ", outside " + min + " to " + max, "write a number in that range");
            return absent;
        }
        wrongType(
                path(name), value, "a whole number", "write a number from " + min + " to " + max + ", without quotes");
        return absent;
    }

    <E extends Enum<E>> E enumeration(String name, E absent, Class<E> type) {
        String text = string(name);
        if (text == null) {
            return absent;
        }
        List<String> names = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
            names.add(constant.name());
        }
        error(name, "\"" + Quote.printable(text) + "\" is not one of " + String.join(", ", names), meant(text, names));
        return absent;
    }

    /** A string out of some; {@code absent} after an error. */
    String oneOf(String name, String absent, String... allowed) {
        String text = string(name);
        if (text == null) {
            return absent;
        }
        List<String> names = Arrays.asList(allowed);
        if (names.contains(text)) {
            return text;
        }
        error(name, "\"" + Quote.printable(text) + "\" is not one of " + String.join(", ", names), meant(text, names));
        return absent;
    }

    private static String meant(String text, List<String> names) {
        String near = Spelling.nearest(text, names);
        return near == null ? "write one of them" : "did you mean " + near + "?";
    }

    /** The fields of a map, or null if it is absent or no map. */
    @Nullable
    Fields object(String name) {
        YamlNode value = value(name);
        return value == null ? null : object(path(name), value);
    }

    Fields objectOrNone(String name) {
        Fields value = object(name);
        return value == null ? none(name) : value;
    }

    private @Nullable Fields object(String field, YamlNode value) {
        if (value instanceof YamlNode.Mapping m) {
            return new Fields(report, field, m);
        }
        wrongType(field, value, "a map of fields", "write its fields below it, indented");
        return null;
    }

    private List<YamlNode> items(String name) {
        YamlNode value = value(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof YamlNode.Sequence s) {
            return s.items();
        }
        wrongType(path(name), value, "a list", "begin each item with a dash");
        return List.of();
    }

    /** The maps of a list; items that are no maps are errors and left out. */
    List<Fields> objects(String name) {
        List<Fields> found = new ArrayList<>();
        List<YamlNode> items = items(name);
        for (int i = 0; i < items.size(); i++) {
            String field = path(name) + "[" + i + "]";
            report.seen(field, items.get(i).line());
            Fields item = object(field, items.get(i));
            if (item != null) {
                found.add(item);
            }
        }
        return found;
    }

    List<String> strings(String name) {
        List<String> found = new ArrayList<>();
        List<YamlNode> items = items(name);
        for (int i = 0; i < items.size(); i++) {
            String field = path(name) + "[" + i + "]";
            report.seen(field, items.get(i).line());
            String item = string(field, items.get(i));
            if (item != null) {
                found.add(item);
            }
        }
        return found;
    }

    Map<String, String> stringMap(String name) {
        Fields fields = object(name);
        if (fields == null) {
            return Map.of();
        }
        Map<String, String> found = new LinkedHashMap<>();
        for (String key : fields.names()) {
            found.put(key, fields.string(key, ""));
        }
        return found;
    }

    /** Reports every field that was not asked for: a misspelt restriction must not silently be none. */
    void noOthers() {
        node.entries().forEach((name, entry) -> {
            if (!known.contains(name)) {
                String near = Spelling.nearest(name, known);
                report.error(
                        entry.line(),
                        path(name),
                        "unknown field",
                        near == null
                                ? "remove it; known are " + String.join(", ", known)
                                : "did you mean " + near + "?");
            }
        });
    }
}
