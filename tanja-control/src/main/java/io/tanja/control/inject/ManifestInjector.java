package io.tanja.control.inject;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.tanja.model.identity.Quote;
import io.tanja.model.validate.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives the pods of manifests their sidecars, as the webhook would in a namespace that asks for them: for clusters without
 * the webhook, and for people who want to see what it does.
 */
public final class ManifestInjector {
    private final TemplateInjector templates;
    private final KubernetesSerialization serialization = new KubernetesSerialization();

    /**
     * Makes one.
     *
     * @param settings what holds for all pods
     * @param namespace the namespace of objects that do not say theirs
     */
    public ManifestInjector(InjectionSettings settings, String namespace) {
        this.templates = new TemplateInjector(settings, namespace, serialization);
    }

    /**
     * Reads YAML or JSON, of several documents too.
     *
     * @param file for messages
     */
    public ManifestInjection inject(String file, String text) {
        List<Problem> problems = new ArrayList<>();
        StringBuilder out = new StringBuilder();
        for (Document document : documents(text)) {
            if (!out.isEmpty()) {
                out.append("---\n");
            }
            out.append(document(file, document, problems));
        }
        return new ManifestInjection(out.toString(), problems);
    }

    private String document(String file, Document document, List<Problem> problems) {
        Map<String, Object> tree;
        try {
            tree = YamlTree.parse(document.text);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    Problem.Severity.ERROR,
                    file,
                    document.line,
                    "",
                    "",
                    "is not a YAML mapping: " + Quote.printable(String.valueOf(e.getMessage())),
                    "correct it"));
            return document.text;
        }
        List<Problem> found = new ArrayList<>();
        boolean changed = inject(tree, found);
        found.forEach(each -> problems.add(new Problem(
                each.severity(), file, document.line, each.object(), each.field(), each.message(), each.remedy())));
        if (!changed) {
            return document.text;
        }
        String yaml = serialization.asYaml(tree);
        return yaml.startsWith("---\n") ? yaml.substring(4) : yaml;
    }

    /** Whether anything in it has got a sidecar. */
    @SuppressWarnings("unchecked") // The parser makes text keys, whatever the document has.
    private boolean inject(Map<String, Object> tree, List<Problem> problems) {
        if (!"List".equals(tree.get("kind")) || !(tree.get("items") instanceof List<?> items)) {
            return templates.inject(tree, problems);
        }
        boolean changed = false;
        for (Object item : items) {
            changed |= item instanceof Map<?, ?> map && inject((Map<String, Object>) map, problems);
        }
        return changed;
    }

    private record Document(int line, String text) {}

    /** Cut at the markers of YAML, which begin a line and are nothing else there (YAML 1.2, section 9.1.2). */
    private static List<Document> documents(String text) {
        List<Document> documents = new ArrayList<>();
        StringBuilder current = new StringBuilder();
        int number = 0;
        int begin = 1;
        for (String line : text.lines().toList()) {
            number++;
            if (line.equals("---") || line.startsWith("--- ") || line.startsWith("---\t")) {
                if (!current.toString().isBlank()) {
                    documents.add(new Document(begin, current.toString()));
                }
                current.setLength(0);
                begin = number + 1;
                String rest = line.substring(3).strip();
                if (!rest.isEmpty()) {
                    current.append(rest).append('\n');
                    begin = number;
                }
            } else {
                current.append(line).append('\n');
            }
        }
        if (!current.toString().isBlank()) {
            documents.add(new Document(begin, current.toString()));
        }
        return documents;
    }
}
