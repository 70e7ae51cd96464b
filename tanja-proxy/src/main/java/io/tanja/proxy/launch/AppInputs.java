package io.tanja.proxy.launch;

import io.tanja.model.identity.Quote;
import io.tanja.proxy.app.AppAddress;
import io.tanja.proxy.app.AppProbe;
import io.tanja.proxy.app.AppProbes;
import io.tanja.proxy.app.AppScrape;
import io.tanja.proxy.app.SettingsException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the process is told about the application beside it. */
final class AppInputs {
    private static final String PROBES = "ISTIO_KUBE_APP_PROBERS";
    private static final String METRICS = "ISTIO_PROMETHEUS_ANNOTATIONS";

    private AppInputs() {}

    static AppAddress address(Inputs in, String podIp) {
        try {
            return AppAddress.of(podIp);
        } catch (IllegalArgumentException e) {
            in.problem(
                    "--pod-ip",
                    "\"" + Quote.printable(podIp) + "\" is not an IP address",
                    "give the pod's, as status.podIP has it");
            return AppAddress.of("");
        }
    }

    static Map<String, AppProbe> probes(Inputs in, int mergedPort) {
        String json = in.optional("--app-probes", PROBES);
        try {
            return json == null ? Map.of() : AppProbes.read(json, mergedPort);
        } catch (SettingsException e) {
            in.problem(PROBES, String.valueOf(e.getMessage()), "correct the container's probe, which injection copies");
            return Map.of();
        }
    }

    static @Nullable AppScrape scrape(Inputs in, int mergedPort) {
        String json = in.optional("--app-metrics", METRICS);
        try {
            return json == null ? null : AppScrape.read(json, mergedPort);
        } catch (SettingsException e) {
            in.problem(METRICS, String.valueOf(e.getMessage()), "correct the pod's annotation prometheus.io");
            return null;
        }
    }
}
