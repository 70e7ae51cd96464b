package io.tanja.lab.object;

import io.tanja.model.manifest.ManifestReader;
import io.tanja.model.validate.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Objects read from a text.
 *
 * @param objects the objects in the order of the text, each with its namespace
 * @param warnings what is read but has no effect in the lab
 */
public record Manifests(List<LabObject> objects, List<String> warnings) {
    /** Copies the lists. */
    public Manifests {
        objects = List.copyOf(objects);
        warnings = List.copyOf(warnings);
    }

    /**
     * Reads YAML or JSON with any number of documents, {@code kind: List} included.
     *
     * @param source the text's name for messages
     * @param namespace the namespace of objects that do not say theirs
     * @throws Rejected if anything in the text is wrong; then nothing of it is used
     */
    public static Manifests read(String text, String source, String namespace) throws Rejected {
        List<LabObject> objects = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (Problem problem : ManifestReader.read(source, text, namespace).problems()) {
            (problem.isError() ? problems : warnings).add(problem.toString());
        }
        if (!problems.isEmpty()) {
            throw new Rejected(problems);
        }
        List<JsonNode> documents;
        try {
            documents = Yaml.documents(text, source);
        } catch (IOException e) {
            throw new Rejected(String.valueOf(e.getMessage()));
        }
        for (JsonNode document : documents) {
            if (document.path("kind").asString("").equals("List")) {
                for (JsonNode item : document.path("items")) {
                    add(objects, problems, item, source, namespace);
                }
            } else {
                add(objects, problems, document, source, namespace);
            }
        }
        if (objects.isEmpty() && problems.isEmpty()) {
            problems.add(source + ": there is no object in it");
        }
        if (!problems.isEmpty()) {
            throw new Rejected(problems);
        }
        for (LabObject object : objects) {
            Unsupported.check(object, warnings);
        }
        return new Manifests(objects, warnings);
    }

    private static void add(
            List<LabObject> objects, List<String> problems, JsonNode document, String source, String namespace) {
        String version = document.path("apiVersion").asString("");
        String kindName = document.path("kind").asString("");
        Optional<Kind> kind = Kind.declared(version, kindName);
        String name = document.path("metadata").path("name").asString("");
        if (!(document instanceof ObjectNode tree) || kind.isEmpty() || name.isEmpty()) {
            String what = !document.isObject()
                    ? "a document must be a map of fields"
                    : name.isEmpty()
                            ? "metadata.name is missing"
                            : "the lab does not know apiVersion \"" + version + "\", kind \"" + kindName + "\"";
            problems.add(source + ": " + (name.isEmpty() ? "" : kindName + " " + name + ": ") + what);
            return;
        }
        ObjectNode metadata = tree.withObjectProperty("metadata");
        String own = "";
        if (kind.get().namespaced()) {
            own = metadata.path("namespace").asString(namespace);
            metadata.put("namespace", own);
        } else {
            metadata.remove("namespace");
        }
        objects.add(new LabObject(new ObjectKey(kind.get(), own, name), tree));
    }
}
