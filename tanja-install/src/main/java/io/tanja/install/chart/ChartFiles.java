package io.tanja.install.chart;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tanja.install.crd.Definitions;
import io.tanja.install.object.Installation;
import io.tanja.install.object.Permission;
import io.tanja.install.object.Permissions;
import io.tanja.install.object.Release;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of the chart: the objects of an installation with the chart's values in place of what may differ. */
public final class ChartFiles {
    private ChartFiles() {}

    /** Contents by path. */
    public static SortedMap<String, String> all() {
        SortedMap<String, String> files = new TreeMap<>();
        files.put("Chart.yaml", Serialization.asYaml(chart()));
        files.put("values.yaml", values());
        files.put("README.md", readme());
        for (HasMetadata definition : Definitions.all()) {
            // Not a template: Helm leaves a definition that is there already alone, as tanja install does.
            files.put("crds/" + definition.getMetadata().getName() + ".yaml", Serialization.asYaml(definition));
        }
        for (HasMetadata object : Installation.objects(Value.marks())) {
            String text = Serialization.asYaml(object);
            for (Value value : Value.values()) {
                text = value.insert(text);
            }
            files.put("templates/" + object.getKind().toLowerCase(Locale.ROOT) + ".yaml", text);
        }
        return files;
    }

    private static Map<String, Object> chart() {
        Map<String, Object> chart = new LinkedHashMap<>();
        chart.put("apiVersion", "v2");
        chart.put("name", "tanja");
        chart.put("description", "A service mesh: mutual TLS between pods, compatible with Istio.");
        chart.put("type", "application");
        chart.put("version", Release.VERSION);
        chart.put("appVersion", Release.VERSION);
        chart.put("kubeVersion", ">=1.29.0-0");
        return chart;
    }

    private static String values() {
        StringBuilder text = new StringBuilder();
        for (Value value : Value.values()) {
            text.append("# ").append(value.description()).append('\n');
            text.append(value.key()).append(": ").append(value.standard()).append('\n');
        }
        return text.toString();
    }

    private static String readme() {
        List<String> lines = new ArrayList<>(List.of(
                "# The chart of Tanja",
                "Written by `tanja chart` from the objects of `tanja install`, which gives the same; do not edit it.",
                "",
                "```",
                "helm install tanja chart",
                "```",
                "The release's own record goes to your current namespace; the chart makes the system namespace. Helm",
                "neither updates nor removes the definitions in `crds`: `kubectl apply --server-side --force-conflicts -f",
                "chart/crds` updates them, and after `helm uninstall tanja` the command `tanja uninstall` removes them and",
                "what the control plane has made.",
                "",
                "| value | standard | meaning |",
                "|---|---|---|"));
        for (Value value : Value.values()) {
            lines.add("| `" + value.key() + "` | `" + value.standard() + "` | " + value.description() + " |");
        }
        lines.addAll(List.of(
                "",
                "## What the control plane may do",
                "Where names are given it is allowed for objects of that name only.",
                "",
                "### On the whole cluster"));
        table(lines, Permissions.cluster());
        lines.addAll(List.of("", "### In the system namespace"));
        table(lines, Permissions.namespace());
        return String.join("\n", lines) + "\n";
    }

    private static void table(List<String> lines, List<Permission> permissions) {
        lines.add("| resources | names | verbs | reason |");
        lines.add("|---|---|---|---|");
        for (Permission permission : permissions) {
            String group = permission.group().isEmpty() ? "" : " (" + permission.group() + ")";
            lines.add("| " + String.join(", ", permission.resources()) + group + " | "
                    + String.join(", ", permission.names()) + " | " + String.join(", ", permission.verbs()) + " | "
                    + permission.reason() + " |");
        }
    }
}
