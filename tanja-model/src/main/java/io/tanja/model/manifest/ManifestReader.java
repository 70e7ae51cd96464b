package io.tanja.model.manifest;

import io.tanja.model.api.ApiObject;
import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.Origin;
import io.tanja.model.identity.Quote;
import io.tanja.model.validate.Problem;
import io.tanja.model.validate.Validation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads manifests: YAML or JSON, one or many documents, {@code List} kinds included.
 *
 * <p>Never throws, whatever the text. An object with an error is not returned. In the mesh's own kinds an unknown field is
 * an error, because a misspelt restriction would silently be none; in Kubernetes' kinds it is ignored, because the mesh
 * reads only a few of their fields. The checks of {@link Validation} are made too.
 */
public final class ManifestReader {
    private static final String DEFAULT_NAMESPACE = "default";

    private final String file;
    private final String namespace;
    private final List<ApiObject> objects = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private ManifestReader(String file, String namespace) {
        this.file = file;
        this.namespace = namespace;
    }

    /** Reads a text; objects that do not say their namespace are in {@code default}, as kubectl has it. */
    public static Manifest read(String fileName, String text) {
        return read(fileName, text, DEFAULT_NAMESPACE);
    }

    /**
     * Reads a text.
     *
     * @param fileName name of the text in origins and problems
     * @param text YAML or JSON, at most 8 MiB
     * @param namespace the namespace of objects that do not say theirs
     */
    public static Manifest read(String fileName, String text, String namespace) {
        ManifestReader reader = new ManifestReader(Quote.printable(fileName), namespace);
        List<YamlNode> documents = new ArrayList<>();
        YamlText.@Nullable Malformed malformed = null;
        try {
            YamlText.read(text, documents);
        } catch (YamlText.Malformed e) {
            malformed = e;
        }
        for (YamlNode document : documents) {
            reader.document(document, "", "");
        }
        if (malformed != null) {
            reader.error(malformed.line(), malformed.text(), "correct the text; what follows was not read");
        }
        return new Manifest(reader.objects, reader.problems);
    }

    /**
     * Reads one object out of a tree, as a JSON parser makes it of what an API server answers.
     *
     * @param sourceName name of the source in origins and problems
     * @param object its values are Map (with text keys), List, String, Number, Boolean or null
     * @param apiVersion the API version if the object gives none, as the items of a list do
     * @param kind the kind if the object gives none
     */
    public static Manifest read(String sourceName, Map<String, ?> object, String apiVersion, String kind) {
        ManifestReader reader = new ManifestReader(Quote.printable(sourceName), DEFAULT_NAMESPACE);
        try {
            reader.document(TreeNodes.of(object), apiVersion, kind);
        } catch (YamlText.Malformed e) {
            reader.error(e.line(), e.text(), "correct the object");
        }
        return new Manifest(reader.objects, reader.problems);
    }

    private void error(int line, String message, String remedy) {
        problems.add(new Problem(Problem.Severity.ERROR, file, line, "", "", message, remedy));
    }

    /**
     * Reads a document or an item of a list.
     *
     * @param listVersion the API version if it gives none, empty outside lists
     * @param listKind the kind if it gives none, empty outside lists
     */
    private void document(YamlNode node, String listVersion, String listKind) {
        switch (node) {
            case YamlNode.Mapping m when m.entries().isEmpty() -> {}
            case YamlNode.Mapping m -> object(m, listVersion, listKind);
            case YamlNode.Scalar s when s.isNull() -> {}
            case YamlNode.Scalar s -> error(s.line(), "an object must be a map, is " + s.what(), "remove it");
            case YamlNode.Sequence s ->
                error(s.line(), "an object must be a map, is a list", "separate objects by ---, or use kind: List");
        }
    }

    private void object(YamlNode.Mapping node, String listVersion, String listKind) {
        ObjectReport headReport = new ObjectReport(file, "", node.line());
        Fields head = new Fields(headReport, "", node);
        String kind = head.string("kind", listKind);
        String version = head.string("apiVersion", listVersion);
        if (kind.isEmpty()) {
            head.error("kind", "is missing", "add apiVersion and kind");
        } else if (version.isEmpty()) {
            head.error("apiVersion", "is missing", "add the apiVersion of " + Quote.printable(kind));
        }
        problems.addAll(headReport.problems());
        if (headReport.hasErrors()) {
            return;
        }
        if (kind.endsWith("List") && head.value("items") instanceof YamlNode.Sequence items) {
            String itemKind = kind.substring(0, kind.length() - "List".length());
            for (YamlNode item : items.items()) {
                document(item, itemKind.isEmpty() ? "" : version, itemKind);
            }
            return;
        }
        served(node, version, kind);
    }

    private void served(YamlNode.Mapping node, String version, String kind) {
        Served.Lookup lookup = Served.find(version, kind);
        String name = name(node, lookup);
        ObjectReport report = new ObjectReport(file, Quote.printable(kind) + " " + name, node.line());
        switch (lookup) {
            case Served.Kind served -> {
                Fields root = new Fields(report, "", node);
                ObjectMeta meta = MetaReader.read(root, served.namespaced() ? namespace : "", served.nameIsLabel());
                ApiObject object = served.read(root, meta, new Origin(file, node.line()));
                if (!report.hasErrors()) {
                    Validation.check(object).forEach(report::add);
                }
                if (!report.hasErrors()) {
                    objects.add(object);
                }
            }
            case Served.Refused refused -> report.error(node.line(), "kind", refused.message(), refused.remedy());
            case Served.Ignored _ ->
                report.warning(
                        node.line(),
                        "kind",
                        Quote.printable(version) + " " + Quote.printable(kind) + " is not served, ignored",
                        "nothing to do unless the mesh was meant to act on it");
        }
        problems.addAll(report.problems());
    }

    /** The object's name as problems tell it, before anything is known to be right. */
    private String name(YamlNode.Mapping node, Served.Lookup lookup) {
        Fields meta = new Fields(new ObjectReport("", "", 0), "", node).objectOrNone("metadata");
        String name = Quote.printable(meta.string("name", "?"));
        String own = Quote.printable(meta.string("namespace", ""));
        boolean clusterWide = lookup instanceof Served.Kind k && !k.namespaced();
        if (clusterWide || own.isEmpty() && !(lookup instanceof Served.Kind)) {
            return name;
        }
        return (own.isEmpty() ? namespace : own) + "/" + name;
    }
}
