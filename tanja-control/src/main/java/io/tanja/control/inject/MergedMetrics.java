package io.tanja.control.inject;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where Prometheus finds a pod's metrics: at the proxy, which adds the application's to its own. Prometheus has no
 * certificate of the mesh, so that it cannot ask the application ({@code pkg/kube/inject/webhook.go},
 * {@code applyPrometheusMerge}).
 *
 * @param annotations what the pod's annotations say then
 * @param application what they said about the application; empty for nothing
 */
record MergedMetrics(Map<String, String> annotations, Map<String, String> application) {
    /** The proxy's variable with {@link #application}, as JSON. */
    static final String VARIABLE = "ISTIO_PROMETHEUS_ANNOTATIONS";

    static final String SWITCH = "prometheus.istio.io/merge-metrics";
    private static final String SCRAPE = "prometheus.io/scrape";
    private static final String PORT = "prometheus.io/port";
    private static final String PATH = "prometheus.io/path";
    private static final int MAX_PORT = 65_535;

    static MergedMetrics read(AnnotationValues values) {
        Map<String, String> given = values.annotations();
        String own = String.valueOf(SidecarNames.PROBES_PORT);
        boolean scraped = values.text(SCRAPE, "").equals("true");
        if (!values.truth(SWITCH, true)) {
            if (scraped) {
                values.warn(
                        SCRAPE,
                        "Prometheus has no certificate of the mesh: a port that takes mesh TLS only turns it away",
                        "remove " + SWITCH + ", or except the port: traffic.sidecar.istio.io/excludeInboundPorts");
            }
            return new MergedMetrics(Map.of(), Map.of());
        }
        if (values.text(SCRAPE, "true").equals("false") || values.text(PORT, "").equals(own)) {
            return new MergedMetrics(Map.of(), Map.of());
        }
        Map<String, String> application = new LinkedHashMap<>();
        if (scraped && port(values)) {
            application.put("scrape", "true");
            put(application, "path", given.get(PATH));
            put(application, "port", given.get(PORT));
        }
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(SCRAPE, "true");
        annotations.put(PORT, own);
        annotations.put(PATH, "/stats/prometheus");
        return new MergedMetrics(annotations, application);
    }

    /** A wrong number costs the application's metrics only, here as without a sidecar. */
    private static boolean port(AnnotationValues values) {
        String port = values.text(PORT, "80");
        try {
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= MAX_PORT) {
                return true;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        values.warn(PORT, "is not a port: the application's metrics are not there", "write a number up to 65535");
        return false;
    }

    private static void put(Map<String, String> into, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            into.put(name, value.strip());
        }
    }
}
