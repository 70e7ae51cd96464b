package io.tanja.lab.object;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An equality selector over labels.
 *
 * @param wanted the labels that must be there, with these values; empty selects everything
 */
public record Selector(Map<String, String> wanted) {
    /** Copies the map. */
    public Selector {
        wanted = Map.copyOf(wanted);
    }

    /**
     * Reads kubectl's form {@code app=web,tier==front}.
     *
     * @throws IllegalArgumentException for any other form; the message quotes the part
     */
    public static Selector parse(String text) {
        Map<String, String> wanted = new LinkedHashMap<>();
        if (text.isBlank()) {
            return new Selector(wanted);
        }
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals <= 0 || part.charAt(equals - 1) == '!') {
                throw new IllegalArgumentException(
                        "selector \"" + part + "\" is not of the form label=value, the only one the lab reads");
            }
            int value = part.startsWith("==", equals) ? equals + 2 : equals + 1;
            wanted.put(part.substring(0, equals).strip(), part.substring(value).strip());
        }
        return new Selector(wanted);
    }

    /** Whether all wanted labels are there. */
    public boolean matches(Map<String, String> labels) {
        return labels.entrySet().containsAll(wanted.entrySet());
    }
}
