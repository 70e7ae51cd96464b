package io.tanja.lab.command;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code tanja lab status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows how the lab is.",
        footer = {"", "Example:", "  tanja lab status -o json"})
final class StatusCommand extends LabAction {
    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "table", description = "json, yaml or table.")
    private OutputFormat format = OutputFormat.table;

    @Override
    int act() throws IOException {
        JsonNode status = lab().status();
        if (format != OutputFormat.table && format != OutputFormat.wide) {
            out().print(format.text(status));
            return 0;
        }
        status.properties()
                .forEach(entry -> out().printf(
                                "%-14s %s%n", entry.getKey(), entry.getValue().asString("")));
        return 0;
    }
}
