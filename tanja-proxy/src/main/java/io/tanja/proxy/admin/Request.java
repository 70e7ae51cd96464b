package io.tanja.proxy.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it was received.
 *
 * @param path the path without its query
 * @param fields the header fields in their order
 */
public record Request(String path, List<Field> fields) {
    /** Copies the list. */
    public Request {
        fields = List.copyOf(fields);
    }

    /**
     * A header field.
     *
     * @param name as it was written
     * @param value without white space around it
     */
    public record Field(String name, String value) {}

    /** The value of the first field of that name, or null. */
    public @Nullable String first(String name) {
        for (Field field : fields) {
            if (field.name().equalsIgnoreCase(name)) {
                return field.value();
            }
        }
        return null;
    }
}
