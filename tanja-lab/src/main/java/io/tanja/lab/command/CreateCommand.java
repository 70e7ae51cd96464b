package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.object.NewObject;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.protocol.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code tanja lab create}, with kubectl's words. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Makes objects that are not there yet, with kubectl's words:",
            "  create -f FILE|DIR|-",
            "  create namespace NAME",
            "  create serviceaccount NAME",
            "  create deployment NAME --image=IMAGE [--port=PORT] [--replicas=N] [-- COMMAND...]"
        },
        footer = {
            "",
            "Example:",
            "  tanja lab create namespace shop",
            "  tanja lab -n shop create deployment webserver --image=docker.io/library/nginx:1.26-alpine --port 80"
        })
final class CreateCommand extends LabAction {
    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE|DIR|-",
            description = "Manifests, in YAML or JSON; - is standard input.")
    private List<String> files = new ArrayList<>();

    @Option(names = "--image", paramLabel = "IMAGE", defaultValue = "", description = "The deployment's image.")
    private String image = "";

    @Option(names = "--port", paramLabel = "PORT", description = "The port that its container listens on.")
    private int port;

    @Option(names = "--replicas", paramLabel = "N", defaultValue = "1", description = "How many pods (default: 1).")
    private int replicas = 1;

    @Parameters(paramLabel = "KIND NAME [COMMAND...]", description = "What to make.")
    private List<String> words = new ArrayList<>();

    @Override
    int act() throws IOException {
        Lab lab = lab();
        if (!files.isEmpty()) {
            for (Map.Entry<String, String> file : ManifestFiles.read(files).entrySet()) {
                create(lab, file.getValue(), file.getKey());
            }
            return 0;
        }
        create(lab, Yaml.JSON.writeValueAsString(object()), "command line");
        return 0;
    }

    private void create(Lab lab, String text, String source) throws IOException {
        Applying.run(lab, new Request.Apply(text, source, namespace(), true), out()::println, this::note);
    }

    private ObjectNode object() {
        if (words.size() < 2) {
            throw wrong("give -f, or a kind and a name");
        }
        String name = words.get(1);
        List<String> command = words.subList(2, words.size());
        return switch (words.getFirst()) {
            case "namespace", "ns" -> NewObject.of("v1", "Namespace", name);
            case "serviceaccount", "sa" -> NewObject.of("v1", "ServiceAccount", name);
            case "deployment", "deploy" -> deployment(name, command);
            default ->
                throw wrong("create knows namespace, serviceaccount and deployment; use -f for \"" + words.getFirst()
                        + "\"");
        };
    }

    private ObjectNode deployment(String name, List<String> command) {
        if (image.isEmpty()) {
            throw wrong("give the deployment an --image");
        }
        ObjectNode container =
                NewObject.container(ImageName.container(image), image, command, port > 0 ? List.of(port) : List.of());
        ObjectNode deployment = NewObject.deployment(NewObject.of("apps/v1", "Deployment", name), List.of(container));
        deployment.withObjectProperty("spec").put("replicas", replicas);
        return deployment;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec().commandLine(), message);
    }
}
