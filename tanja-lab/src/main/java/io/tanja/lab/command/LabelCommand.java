package io.tanja.lab.command;

import io.tanja.lab.protocol.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tanja lab label}. */
@Command(
        name = "label",
        mixinStandardHelpOptions = true,
        description = "Sets labels of an object, or takes them away.",
        footer = {"", "Example:", "  tanja lab label namespace shop istio-injection=enabled"})
final class LabelCommand extends LabAction {
    @Option(names = "--overwrite", description = "Also change labels that have another value.")
    private boolean overwrite;

    @Parameters(index = "0", paramLabel = "KIND", description = "The object's kind.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The object's name.")
    private String name = "";

    @Parameters(index = "2..*", arity = "1..*", paramLabel = "LABEL", description = "key=value, or key- to remove.")
    private List<String> labels = new ArrayList<>();

    @Override
    int act() throws IOException {
        Map<String, String> set = new LinkedHashMap<>();
        List<String> remove = new ArrayList<>();
        for (String label : labels) {
            int equals = label.indexOf('=');
            if (equals > 0) {
                set.put(label.substring(0, equals), label.substring(equals + 1));
            } else if (label.endsWith("-") && label.length() > 1) {
                remove.add(label.substring(0, label.length() - 1));
            } else {
                throw new ParameterException(
                        spec().commandLine(), "\"" + label + "\" is neither key=value nor key- to remove it");
            }
        }
        JsonNode answer = lab().ask(new Request.Label(kind, namespace(), name, set, remove, overwrite));
        out().println(answer.path("object").asString("") + " labeled");
        return 0;
    }
}
