package io.tanja.control.inject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The difference of two JSON trees. Lists are compared by the names of their elements, so that a container that is put before
 * others does not rewrite them: what an author has written and we do not touch is not in the patch. Pure.
 */
final class JsonPatch {
    private final List<PatchOperation> operations = new ArrayList<>();

    private JsonPatch() {}

    static List<PatchOperation> between(Map<String, Object> from, Map<String, Object> to) {
        JsonPatch patch = new JsonPatch();
        patch.maps("", from, to);
        return patch.operations;
    }

    private void maps(String path, Map<?, ?> from, Map<?, ?> to) {
        for (Map.Entry<String, Object> each : sorted(from).entrySet()) {
            if (!to.containsKey(each.getKey())) {
                operations.add(new PatchOperation("remove", child(path, each.getKey()), null));
            }
        }
        for (Map.Entry<String, Object> each : sorted(to).entrySet()) {
            String at = child(path, each.getKey());
            if (from.containsKey(each.getKey())) {
                values(at, from.get(each.getKey()), each.getValue());
            } else {
                operations.add(new PatchOperation("add", at, each.getValue()));
            }
        }
    }

    private void values(String path, @Nullable Object from, @Nullable Object to) {
        if (from instanceof Map<?, ?> one && to instanceof Map<?, ?> other) {
            maps(path, one, other);
        } else if (from instanceof List<?> one && to instanceof List<?> other && onlyAdded(one, other)) {
            lists(path, one, other);
        } else if (!Objects.equals(from, to)) {
            operations.add(new PatchOperation("replace", path, to));
        }
    }

    /** Operations are applied one after the other, so that an index counts what was added before it. */
    private void lists(String path, List<?> from, List<?> to) {
        int at = 0;
        for (int i = 0; i < to.size(); i++) {
            if (at < from.size() && same(from.get(at), to.get(i))) {
                values(path + "/" + i, from.get(at), to.get(i));
                at++;
            } else {
                operations.add(new PatchOperation("add", path + "/" + i, to.get(i)));
            }
        }
    }

    private static boolean onlyAdded(List<?> from, List<?> to) {
        int at = 0;
        for (Object each : to) {
            if (at < from.size() && same(from.get(at), each)) {
                at++;
            }
        }
        return at == from.size();
    }

    private static boolean same(Object one, Object other) {
        if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
            Object name = a.get("name");
            return name == null ? a.equals(b) : name.equals(b.get("name"));
        }
        return one.equals(other);
    }

    private static Map<String, Object> sorted(Map<?, ?> map) {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, value) -> sorted.put(String.valueOf(key), value));
        return sorted;
    }

    /** RFC 6901, section 3. */
    private static String child(String path, String key) {
        return path + "/" + key.replace("~", "~0").replace("/", "~1");
    }
}
