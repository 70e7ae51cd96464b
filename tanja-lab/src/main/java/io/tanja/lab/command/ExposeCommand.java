package io.tanja.lab.command;

import io.tanja.lab.Lab;
import io.tanja.lab.object.NewObject;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.protocol.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code tanja lab expose}. */
@Command(
        name = "expose",
        mixinStandardHelpOptions = true,
        description = "Makes a service for a deployment.",
        footer = {"", "Example:", "  tanja lab expose -n shop deployment webserver --port=80"})
final class ExposeCommand extends LabAction {
    @Option(names = "--port", required = true, paramLabel = "PORT", description = "The service's port.")
    private int port;

    @Option(names = "--target-port", paramLabel = "PORT", description = "The pods' port (default: --port).")
    private int targetPort;

    @Option(
            names = "--service-name",
            paramLabel = "NAME",
            defaultValue = "",
            description = "The service's name (default: the deployment's).")
    private String serviceName = "";

    @Parameters(index = "0", paramLabel = "KIND", description = "deployment")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The deployment's name.")
    private String name = "";

    @Override
    int act() throws IOException {
        Lab lab = lab();
        JsonNode deployment =
                lab.ask(new Request.Get(kind, namespace(), List.of(name), "")).get(0);
        JsonNode selector = deployment.path("spec").path("selector").path("matchLabels");
        if (selector.isEmpty()) {
            throw new IOException(kind + " " + name + " has no spec.selector.matchLabels to make a service for; write"
                    + " the service as a manifest and use: tanja lab apply -f");
        }
        ObjectNode service =
                NewObject.service(NewObject.of("v1", "Service", serviceName.isEmpty() ? name : serviceName), Map.of());
        service.withObjectProperty("spec").set("selector", selector);
        NewObject.port(service, port, targetPort == 0 ? port : targetPort);
        Applying.run(
                lab,
                new Request.Apply(Yaml.JSON.writeValueAsString(service), "command line", namespace(), true),
                line -> out().println(line.replace(" created", " exposed")),
                this::note);
        return 0;
    }
}
