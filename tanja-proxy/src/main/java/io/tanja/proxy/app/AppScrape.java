package io.tanja.proxy.app;

import io.tanja.proxy.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Where the application's own metrics are, from the annotations {@code prometheus.io/*} of its pod.
 *
 * @param port 1 to 65535
 * @param target path and query, percent-encoded
 */
public record AppScrape(int port, String target) {
    /**
     * Reads the annotations in the form of Istio's {@code ISTIO_PROMETHEUS_ANNOTATIONS}:
     * {@code {"scrape":"true","path":"/metrics","port":"8080"}}. Path and port may be missing: {@code /metrics} and 80.
     *
     * @param ownPort the port that serves the merged metrics, which this must not be
     * @return null if the pod does not want to be scraped
     * @throws SettingsException naming the field
     */
    public static @Nullable AppScrape read(String json, int ownPort) throws SettingsException {
        Fields annotations = Fields.parse(json);
        if (annotations.text("scrape", "true").equals("false")) {
            return null;
        }
        int port = annotations.members().get("port") instanceof Json.Digits(String digits)
                ? annotations.port("port", digits)
                : annotations.port("port", annotations.text("port", "80"));
        if (port == ownPort) {
            throw annotations.wrong(
                    "port", ownPort + " is the one that serves the merged metrics, so it would ask itself");
        }
        String path = annotations.text("path", "/metrics");
        return new AppScrape(port, AppProbes.encode(path.startsWith("/") ? path : "/" + path));
    }
}
