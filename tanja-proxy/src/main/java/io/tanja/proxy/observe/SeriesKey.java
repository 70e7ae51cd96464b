package io.tanja.proxy.observe;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What tells one series of Istio's traffic metrics from another. Made for each request, so it holds references only and
 * leaves the making of label text to the first of its kind.
 */
final class SeriesKey {
    /** The code of a series that counts connections. */
    static final int NO_CODE = -1;

    /** What stands for all series beyond the limit, as the name of a service. */
    static final String OVERFLOW = "overflow";

    private static final int SELF = 0;
    private static final int PEER = 7;
    private static final int HOST = 14;
    private static final int CLUSTER = 15;
    private static final int POLICY = 16;
    private static final int SOURCE = 17;
    private static final int DESTINATION = 20;
    private static final int PARTS = 23;

    private final Direction direction;
    private final int code;
    private final @Nullable Refusal refusal;
    private final @Nullable String[] parts = new String[PARTS];
    private final int hash;

    SeriesKey(
            Direction direction,
            @Nullable Workload self,
            @Nullable Workload peer,
            @Nullable TransportSecurity security,
            @Nullable String serviceHost,
            @Nullable String cluster,
            int code,
            @Nullable Refusal refusal) {
        this.direction = direction;
        this.code = code;
        this.refusal = refusal;
        workload(SELF, self);
        workload(PEER, peer);
        parts[HOST] = serviceHost;
        parts[CLUSTER] = serviceHost == null ? cluster : null;
        parts[POLICY] = policy(direction, security);
        identity(SOURCE, Wire.source(direction, security));
        identity(DESTINATION, Wire.destination(direction, security));
        int h = direction.hashCode() * 31 + code;
        h = h * 31 + (refusal == null ? 0 : refusal.hashCode());
        for (String part : parts) {
            h = h * 31 + (part == null ? 0 : part.hashCode());
        }
        hash = h;
    }

    /** The key that takes what comes when there are too many. */
    SeriesKey overflow() {
        int rest = code == NO_CODE ? NO_CODE : 0;
        return new SeriesKey(direction, null, null, null, OVERFLOW, null, rest, null);
    }

    /** The values of the labels of Istio's telemetry, in the order in which its Prometheus page has them. */
    String labels() {
        boolean inbound = direction == Direction.INBOUND;
        int source = inbound ? PEER : SELF;
        int destination = inbound ? SELF : PEER;
        String host = parts[HOST];
        Labels out = new Labels().add("reporter", inbound ? "destination" : "source");
        out.add("source_workload", part(source));
        out.add("source_canonical_service", part(source + 1));
        out.add("source_canonical_revision", part(source + 2));
        out.add("source_workload_namespace", part(source + 6));
        out.add("source_principal", principal(SOURCE));
        out.add("source_app", part(source + 3));
        out.add("source_version", part(source + 4));
        out.add("source_cluster", part(source + 5));
        out.add("destination_workload", part(destination));
        out.add("destination_workload_namespace", part(destination + 6));
        out.add("destination_principal", principal(DESTINATION));
        out.add("destination_app", part(destination + 3));
        out.add("destination_version", part(destination + 4));
        out.add("destination_service", host == null ? "unknown" : host);
        out.add("destination_canonical_service", part(destination + 1));
        out.add("destination_canonical_revision", part(destination + 2));
        out.add("destination_service_name", host == null ? part(CLUSTER) : serviceName(host));
        out.add("destination_service_namespace", host == null ? "unknown" : serviceNamespace(host));
        out.add("destination_cluster", part(destination + 5));
        out.add("request_protocol", code == NO_CODE ? "tcp" : "http");
        if (code != NO_CODE) {
            out.add("response_code", Integer.toString(code));
            out.add("grpc_response_status", "");
        }
        out.add("response_flags", refusal == null ? "-" : refusal.flag());
        out.add("connection_security_policy", part(POLICY));
        return out.toString();
    }

    private static String policy(Direction direction, @Nullable TransportSecurity security) {
        // As in Istio, only the destination tells; the source reports "unknown".
        if (direction == Direction.OUTBOUND) {
            return "unknown";
        }
        return switch (security) {
            case null -> "unknown";
            case TransportSecurity.Mutual mutual -> "mutual_tls";
            case TransportSecurity.Plaintext plaintext -> "none";
        };
    }

    private void workload(int at, @Nullable Workload workload) {
        WorkloadLabels labels = workload == null ? WorkloadLabels.UNKNOWN : workload.labels();
        parts[at] = labels.workload();
        parts[at + 1] = labels.canonicalName();
        parts[at + 2] = labels.canonicalRevision();
        parts[at + 3] = labels.app();
        parts[at + 4] = labels.version();
        parts[at + 5] = labels.cluster();
        parts[at + 6] = workload == null ? null : workload.name().namespace();
    }

    private void identity(int at, @Nullable SpiffeId id) {
        if (id != null) {
            parts[at] = id.trustDomain().name();
            parts[at + 1] = id.namespace();
            parts[at + 2] = id.serviceAccount();
        }
    }

    private String part(int at) {
        String value = parts[at];
        return value == null || value.isEmpty() ? "unknown" : value;
    }

    private String principal(int at) {
        return parts[at] == null
                ? "unknown"
                : "spiffe://" + parts[at] + "/ns/" + parts[at + 1] + "/sa/" + parts[at + 2];
    }

    private static String serviceName(String host) {
        int dot = host.indexOf('.');
        return dot > 0 && host.contains(".svc.") ? host.substring(0, dot) : host;
    }

    private static String serviceNamespace(String host) {
        int dot = host.indexOf('.');
        int end = host.indexOf(".svc.", dot + 1);
        return dot > 0 && end > 0 ? host.substring(dot + 1, end) : "unknown";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof SeriesKey that)
                || hash != that.hash
                || direction != that.direction
                || code != that.code
                || refusal != that.refusal) {
            return false;
        }
        return Arrays.equals(parts, that.parts);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
