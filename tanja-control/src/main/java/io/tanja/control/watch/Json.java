package io.tanja.control.watch;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Reads the API server's answers as trees. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private Json() {}

    /** @throws ApiFailure if it is no JSON object */
    static Map<String, Object> object(String text) throws ApiFailure {
        try {
            return MAPPER.readValue(text, TREE);
        } catch (JacksonException e) {
            throw ApiFailure.senseless("the answer is not a JSON object: " + e.getOriginalMessage());
        }
    }

    /** The map in that field, an empty one if there is none. */
    @SuppressWarnings("unchecked") // A parsed tree has text keys only.
    public static Map<String, Object> map(Map<String, Object> tree, String field) {
        return tree.get(field) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /** The maps in that list, none if there is no list. */
    @SuppressWarnings("unchecked") // As above.
    public static List<Map<String, Object>> maps(Map<String, Object> tree, String field) {
        return tree.get(field) instanceof List<?> list
                ? list.stream()
                        .filter(item -> item instanceof Map)
                        .map(item -> (Map<String, Object>) item)
                        .toList()
                : List.of();
    }

    /** The text in that field, empty if there is none. */
    public static String text(Map<String, Object> tree, String field) {
        @Nullable Object value = tree.get(field);
        return value instanceof String text ? text : "";
    }
}
