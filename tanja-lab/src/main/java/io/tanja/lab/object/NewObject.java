package io.tanja.lab.object;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects made by the lab itself, as {@code kubectl} makes them from the command line: built as trees, so that no name or
 * argument can turn into structure.
 */
public final class NewObject {
    private NewObject() {}

    /** An object with nothing but its name. */
    public static ObjectNode of(String apiVersion, String kind, String name) {
        ObjectNode object = Yaml.JSON.createObjectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }

    /** The same in a namespace. */
    public static ObjectNode of(String apiVersion, String kind, String namespace, String name) {
        ObjectNode object = of(apiVersion, kind, name);
        object.withObjectProperty("metadata").put("namespace", namespace);
        return object;
    }

    /**
     * A container.
     *
     * @param command what it runs; empty for what the image runs
     * @param ports the TCP ports that it declares
     */
    public static ObjectNode container(String name, String image, List<String> command, List<Integer> ports) {
        ObjectNode container = Yaml.JSON.createObjectNode();
        container.put("name", name).put("image", image);
        for (int port : ports) {
            container.withArrayProperty("ports").addObject().put("containerPort", port);
        }
        for (String word : command) {
            container.withArrayProperty("command").add(word);
        }
        return container;
    }

    /** Makes a Deployment of {@code object}: pods labelled {@code app} with its name, one replica. */
    public static ObjectNode deployment(ObjectNode object, List<ObjectNode> containers) {
        String name = object.path("metadata").path("name").asString("");
        object.withObjectProperty("metadata").putObject("labels").put("app", name);
        ObjectNode spec = object.putObject("spec");
        spec.put("replicas", 1);
        spec.putObject("selector").putObject("matchLabels").put("app", name);
        ObjectNode template = spec.putObject("template");
        template.putObject("metadata").putObject("labels").put("app", name);
        ArrayNode list = template.putObject("spec").putArray("containers");
        containers.forEach(list::add);
        return object;
    }

    /** The pod template of a Deployment. */
    public static ObjectNode template(ObjectNode deployment) {
        return deployment.withObjectProperty("spec").withObjectProperty("template");
    }

    /**
     * Makes a Service of {@code object}.
     *
     * @param selector the labels of its pods
     */
    public static ObjectNode service(ObjectNode object, Map<String, String> selector) {
        ObjectNode labels = object.putObject("spec").putObject("selector");
        selector.forEach(labels::put);
        return object;
    }

    /** Adds a TCP port to a Service. */
    public static ObjectNode port(ObjectNode service, int port, int targetPort) {
        return service.withObjectProperty("spec")
                .withArrayProperty("ports")
                .addObject()
                .put("port", port)
                .put("protocol", "TCP")
                .put("targetPort", targetPort);
    }

    /** Several objects as one text for {@code apply}. */
    public static String text(ObjectNode... objects) {
        StringBuilder text = new StringBuilder();
        for (ObjectNode object : objects) {
            text.append("---\n").append(Yaml.JSON.writeValueAsString(object)).append('\n');
        }
        return text.toString();
    }
}
