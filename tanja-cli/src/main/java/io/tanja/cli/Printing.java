package io.tanja.cli;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON for programs. */
final class Printing {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Printing() {}

    /** Plain data, records included, as JSON text. */
    static String json(Object data) {
        return JSON.writeValueAsString(data);
    }
}
