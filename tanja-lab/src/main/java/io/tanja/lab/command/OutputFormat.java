package io.tanja.lab.command;

import io.tanja.lab.object.Yaml;
import tools.jackson.databind.JsonNode;

/** How data is printed; the names are what a user types. */
enum OutputFormat {
    /** Columns for people. */
    table,
    /** More columns. */
    wide,
    /** JSON. */
    json,
    /** YAML. */
    yaml,
    /** Only names. */
    name;

    /** A tree as JSON or YAML text, with its final line end. */
    String text(JsonNode tree) {
        return this == yaml
                ? Yaml.text(tree)
                : Yaml.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
    }
}
