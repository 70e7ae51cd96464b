package io.tanja.model.manifest;

import io.tanja.model.api.ObjectMeta;
import io.tanja.model.api.OwnerReference;
import io.tanja.model.identity.Quote;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code metadata}. */
final class MetaReader {
    private static final String NAME_RULE =
            "use lower-case letters, digits and inner dashes, at most " + Names.MAX_LABEL + " characters";

    private MetaReader() {}

    /**
     * Reads the metadata of an object.
     *
     * @param namespace the namespace if it gives none; empty for a kind without namespaces
     */
    static ObjectMeta read(Fields root, String namespace, boolean nameIsLabel) {
        Fields meta = root.objectOrNone("metadata");
        String name = meta.required("name", "add metadata.name (generateName is not served)");
        if (!name.isEmpty() && !(nameIsLabel ? Names.isLabel(name) : Names.isSubdomain(name))) {
            meta.error("name", "\"" + Quote.printable(name) + "\" is not a Kubernetes name", NAME_RULE);
        }
        String own = namespace.isEmpty() ? "" : meta.string("namespace", "");
        if (!own.isEmpty() && !Names.isLabel(own)) {
            meta.error("namespace", "\"" + Quote.printable(own) + "\" is not a Kubernetes name", NAME_RULE);
        }
        return new ObjectMeta(
                name,
                own.isEmpty() ? namespace : own,
                labels(meta, "labels"),
                meta.stringMap("annotations"),
                meta.string("uid", ""),
                created(meta));
    }

    static Map<String, String> labels(Fields fields, String name) {
        Map<String, String> labels = fields.stringMap(name);
        labels.forEach((key, value) -> {
            if (!Names.isLabelValue(value)) {
                fields.error(
                        name,
                        "the value \"" + Quote.printable(value) + "\" of \"" + Quote.printable(key)
                                + "\" is not a label value",
                        "use letters, digits and inner - _ . , at most " + Names.MAX_LABEL + " characters");
            }
        });
        return labels;
    }

    private static @Nullable Instant created(Fields meta) {
        String text = meta.string("creationTimestamp");
        if (text == null) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            meta.error(
                    "creationTimestamp",
                    "\"" + Quote.printable(text) + "\" is not a time",
                    "remove it, or write it as 2026-01-31T12:00:00Z");
            return null;
        }
    }

    static boolean beingDeleted(Fields root) {
        return root.objectOrNone("metadata").has("deletionTimestamp");
    }

    static List<OwnerReference> owners(Fields root) {
        return root.objectOrNone("metadata").objects("ownerReferences").stream()
                .map(o -> new OwnerReference(o.string("kind", ""), o.string("name", ""), o.bool("controller", false)))
                .toList();
    }
}
