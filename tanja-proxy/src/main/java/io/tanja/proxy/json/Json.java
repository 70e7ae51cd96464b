package io.tanja.proxy.json;

import java.util.List;
import java.util.Map;

/** A JSON value. Immutable. */
public sealed interface Json {
    /**
     * An object.
     *
     * @param members by name, in the order of the text
     */
    record Members(Map<String, Json> members) implements Json {}

    /**
     * An array.
     *
     * @param elements in the order of the text
     */
    record Elements(List<Json> elements) implements Json {}

    /**
     * A string.
     *
     * @param text without quotes and escapes
     */
    record Text(String text) implements Json {}

    /**
     * A number.
     *
     * @param digits as it is written, valid by the grammar of RFC 8259
     */
    record Digits(String digits) implements Json {}

    /** The three words. */
    enum Word implements Json {
        /** {@code true}. */
        TRUE,
        /** {@code false}. */
        FALSE,
        /** {@code null}. */
        NULL
    }

    /** What kind of value it is, for error messages. */
    default String kind() {
        return switch (this) {
            case Members m -> "an object";
            case Elements e -> "an array";
            case Text t -> "a string";
            case Digits d -> "a number";
            case Word w -> w == Word.NULL ? "null" : "a boolean";
        };
    }
}
