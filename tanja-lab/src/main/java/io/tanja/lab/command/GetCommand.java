package io.tanja.lab.command;

import io.tanja.lab.object.Kind;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.protocol.Request;
import io.tanja.lab.table.Table;
import io.tanja.lab.table.Tables;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tanja lab get}. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Shows objects in kubectl's columns.",
        footer = {
            "",
            "Example:",
            "  tanja lab get pods -n shop -o wide",
            "  tanja lab get services --all-namespaces",
            "  tanja lab get peerauthentication -n shop default -o yaml"
        })
final class GetCommand extends LabAction {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, wide, json, yaml or name (default: table).")
    private OutputFormat format = OutputFormat.table;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            defaultValue = "",
            description = "Only objects with these labels, as app=web.")
    private String selector = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Objects of all namespaces.")
    private boolean all;

    @Parameters(index = "0", paramLabel = "KIND", description = "pods, services, deployments, namespaces, ...")
    private String kind = "";

    @Parameters(index = "1..*", paramLabel = "NAME", description = "Only these objects.")
    private List<String> names = new ArrayList<>();

    @Override
    int act() throws IOException {
        int slash = kind.indexOf('/');
        if (slash > 0) {
            names.addFirst(kind.substring(slash + 1));
            kind = kind.substring(0, slash);
        }
        JsonNode found = lab().ask(new Request.Get(kind, all ? "" : namespace(), names, selector));
        Optional<Kind> known = Kind.named(kind);
        switch (format) {
            case json, yaml -> out().print(format.text(names.size() == 1 ? found.path(0) : list(found)));
            case name -> {
                for (JsonNode object : found) {
                    out().println(known.map(Kind::resource).orElse(kind) + "/"
                            + object.path("metadata").path("name").asString(""));
                }
            }
            case table, wide -> {
                if (found.isEmpty()) {
                    note("No resources found" + (all ? "" : " in " + namespace() + " namespace") + ".");
                } else if (known.isPresent()) {
                    Table table = Tables.of(
                            known.get(),
                            found,
                            all,
                            format == OutputFormat.wide,
                            Clock.systemUTC().instant());
                    out().print(table.text());
                }
            }
        }
        return 0;
    }

    private static JsonNode list(JsonNode items) {
        ObjectNode list = Yaml.JSON.createObjectNode();
        list.put("apiVersion", "v1").put("kind", "List");
        list.set("items", items);
        return list;
    }
}
