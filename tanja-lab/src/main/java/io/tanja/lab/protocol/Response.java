package io.tanja.lab.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The daemon's answer, one line of JSON.
 *
 * @param error why the request failed; empty if it succeeded
 * @param result the request's result; null or absent if it has none
 */
public record Response(String error, @Nullable JsonNode result) {
    /** A success. */
    public static Response of(JsonNode result) {
        return new Response("", result);
    }

    /** A failure. */
    public static Response failure(String error) {
        return new Response(error, null);
    }
}
