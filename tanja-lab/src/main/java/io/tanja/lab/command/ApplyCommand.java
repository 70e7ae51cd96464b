package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.protocol.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja lab apply}. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = "Makes or changes objects. A manifest with an error is refused whole.",
        footer = {"", "Example:", "  tanja lab apply -f examples/", "  tanja lab apply -n shop -f - < shop.yaml"})
final class ApplyCommand extends LabAction {
    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE|DIR|-",
            description = "Manifests, in YAML or JSON; - is standard input.")
    private List<String> files = new ArrayList<>();

    @Override
    int act() throws IOException {
        Lab lab = lab();
        for (Map.Entry<String, String> file : ManifestFiles.read(files).entrySet()) {
            Request.Apply request = new Request.Apply(file.getValue(), file.getKey(), namespace(), false);
            Applying.run(lab, request, out()::println, this::note);
        }
        return 0;
    }
}
