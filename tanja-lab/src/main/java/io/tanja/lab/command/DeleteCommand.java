package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.Manifests;
import io.tanja.lab.object.Rejected;
import io.tanja.lab.protocol.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tanja lab delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description = "Removes objects; with a namespace everything in it.",
        footer = {
            "",
            "Example:",
            "  tanja lab delete -n shop deployment webserver",
            "  tanja lab delete -f shop.yaml",
            "  tanja lab delete -n shop pods -l app=webserver"
        })
final class DeleteCommand extends LabAction {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR|-",
            description = "Manifests whose objects to remove.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            defaultValue = "",
            description = "Only objects with these labels, as app=web.")
    private String selector = "";

    @Parameters(paramLabel = "KIND [NAME...]", description = "What to remove; KIND/NAME works too.")
    private List<String> words = new ArrayList<>();

    @Override
    int act() throws IOException {
        Lab lab = lab();
        if (!files.isEmpty()) {
            deleteFiles(lab);
            return 0;
        }
        if (words.isEmpty()) {
            throw new ParameterException(spec().commandLine(), "give -f, or a kind and names");
        }
        List<String> rest = new ArrayList<>(words);
        String kind = rest.removeFirst();
        int slash = kind.indexOf('/');
        if (slash > 0) {
            rest.addFirst(kind.substring(slash + 1));
            kind = kind.substring(0, slash);
        }
        delete(lab, new Request.Delete(kind, namespace(), rest, selector));
        return 0;
    }

    private void deleteFiles(Lab lab) throws IOException {
        for (Map.Entry<String, String> file : ManifestFiles.read(files).entrySet()) {
            try {
                for (LabObject object : Manifests.read(file.getValue(), file.getKey(), namespace())
                        .objects()) {
                    Kind kind = object.key().kind();
                    delete(
                            lab,
                            new Request.Delete(
                                    kind.plural(),
                                    object.key().namespace(),
                                    List.of(object.key().name()),
                                    ""));
                }
            } catch (Rejected e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    private void delete(Lab lab, Request.Delete request) throws IOException {
        for (JsonNode object : lab.ask(request)) {
            out().println(object.asString("") + " deleted");
        }
    }
}
