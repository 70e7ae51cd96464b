package io.tanja.diagnose.status;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.cluster.ClusterCall;
import io.tanja.diagnose.status.MeshedPod.CertificateExpiry;
import io.tanja.diagnose.status.MeshedPod.Expires;
import io.tanja.diagnose.status.MeshedPod.NotKnown;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for what it says of itself, by way of the API server ({@code pods/proxy}): the proxy is the one that knows
 * which certificate it uses.
 */
public final class ProxyMetrics {
    private static final int METRICS_PORT = 15020;
    private static final String EXPIRY = "tanja_certificate_expiry_seconds ";

    private final KubernetesClient client;
    private final InstantSource clock;

    /** @param clock what the proxy's seconds are counted from */
    public ProxyMetrics(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** When the proxy's certificate expires. */
    public CertificateExpiry expiry(String namespace, String pod) {
        String path =
                "/api/v1/namespaces/" + namespace + "/pods/" + pod + ":" + METRICS_PORT + "/proxy/stats/prometheus";
        try {
            String text = ClusterCall.of("metrics of pod " + namespace + "/" + pod, () -> client.raw(path));
            return expiry(text, clock.instant());
        } catch (DiagnoseException e) {
            return new NotKnown(e.text());
        }
    }

    /** Reads it from the proxy's metrics. */
    static CertificateExpiry expiry(@Nullable String metrics, Instant now) {
        if (metrics == null) {
            return new NotKnown("the proxy has no page of metrics");
        }
        Optional<String> line =
                metrics.lines().filter(l -> l.startsWith(EXPIRY)).findFirst();
        if (line.isEmpty()) {
            return new NotKnown("the proxy has no certificate");
        }
        try {
            double seconds =
                    Double.parseDouble(line.get().substring(EXPIRY.length()).strip());
            return new Expires(now.plusSeconds((long) seconds).truncatedTo(ChronoUnit.SECONDS));
        } catch (NumberFormatException e) {
            return new NotKnown("the proxy's metric is no number");
        }
    }
}
