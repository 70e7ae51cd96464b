package io.tanja.model.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a JSON parser's maps and lists into nodes, so that one reader serves files and the API. There are no lines. */
final class TreeNodes {
    private static final int NO_LINE = 0;

    private TreeNodes() {}

    /** @throws YamlText.Malformed if it is nested deeper than a manifest may be */
    static YamlNode of(@Nullable Object value) throws YamlText.Malformed {
        return of(value, 0);
    }

    private static YamlNode of(@Nullable Object value, int depth) throws YamlText.Malformed {
        if (depth > YamlText.MAX_DEPTH) {
            throw new YamlText.Malformed(NO_LINE, "it is nested deeper than " + YamlText.MAX_DEPTH + " levels");
        }
        return switch (value) {
            case null -> new YamlNode.Scalar("", true, NO_LINE);
            case String text -> new YamlNode.Scalar(text, false, NO_LINE);
            case Number number -> new YamlNode.Scalar(number.toString(), true, NO_LINE);
            case Boolean bool -> new YamlNode.Scalar(bool.toString(), true, NO_LINE);
            case List<?> list -> {
                List<YamlNode> items = new ArrayList<>(list.size());
                for (Object item : list) {
                    items.add(of(item, depth + 1));
                }
                yield new YamlNode.Sequence(items, NO_LINE);
            }
            case Map<?, ?> map -> {
                Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    entries.put(
                            String.valueOf(entry.getKey()),
                            new YamlNode.Entry(of(entry.getValue(), depth + 1), NO_LINE));
                }
                yield new YamlNode.Mapping(entries, NO_LINE);
            }
            default ->
                throw new IllegalArgumentException(
                        "not a value of JSON: " + value.getClass().getName());
        };
    }
}
