package io.tanja.control.inject;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads YAML that is one mapping. */
final class YamlTree {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private YamlTree() {}

    /**
     * Reads it; an empty text is an empty mapping.
     *
     * @throws IllegalArgumentException if it is anything else; the message says what the parser met
     */
    @SuppressWarnings("unchecked") // The parser makes text keys, whatever the text has.
    static Map<String, Object> parse(String text) {
        try {
            // What begins with a brace would be taken for JSON, and may be YAML.
            Map<String, Object> tree = YAML.unmarshal("---\n" + text, LinkedHashMap.class);
            return tree == null ? new LinkedHashMap<>() : tree;
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            String message = String.valueOf(cause.getMessage());
            throw new IllegalArgumentException(message.lines().findFirst().orElse("it cannot be parsed"), e);
        }
    }
}
