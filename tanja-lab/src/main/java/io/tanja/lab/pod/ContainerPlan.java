package io.tanja.lab.pod;

import io.tanja.lab.object.Yaml;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What one container of a pod is to run.
 *
 * @param name its name in the pod
 * @param image its image
 * @param command its own command, empty to take the image's
 * @param args its own arguments, empty to take the image's
 * @param env variables by name, in order; only literal ones
 * @param workingDir its working directory, empty for {@code /tmp}
 * @param ports the TCP ports that it declares; the container is ready when all are listened on
 */
public record ContainerPlan(
        String name,
        String image,
        List<String> command,
        List<String> args,
        Map<String, String> env,
        String workingDir,
        List<Integer> ports) {
    /** Copies the collections. */
    public ContainerPlan {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = new LinkedHashMap<>(env);
        ports = List.copyOf(ports);
    }

    /** Reads a container of a pod's spec. */
    static ContainerPlan read(JsonNode container) {
        Map<String, String> env = new LinkedHashMap<>();
        for (JsonNode variable : container.path("env")) {
            if (!variable.has("valueFrom")) {
                env.put(
                        variable.path("name").asString(""),
                        variable.path("value").asString(""));
            }
        }
        List<Integer> ports = new ArrayList<>();
        for (JsonNode port : container.path("ports")) {
            if (port.path("protocol").asString("TCP").equals("TCP")) {
                ports.add(port.path("containerPort").asInt(0));
            }
        }
        return new ContainerPlan(
                container.path("name").asString(""),
                container.path("image").asString(""),
                Yaml.strings(container.path("command")),
                Yaml.strings(container.path("args")),
                env,
                container.path("workingDir").asString(""),
                ports);
    }
}
