package io.tanja.diagnose.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows a report to people and programs. Pure. */
public final class ProxyReportText {
    /** The columns of {@link #rows}. */
    public static final List<String> HEAD =
            List.of("PROXY", "STATE", "REPLICA", "CONNECTED", "CERTIFICATE", "VERSION", "IDENTITY");

    private static final String UNKNOWN = "?";
    private static final String NOT_CONNECTED = "NOT CONNECTED";

    private final ProxyReport report;
    private final Instant now;

    /** @param now what ages are counted from */
    public ProxyReportText(ProxyReport report, Instant now) {
        this.report = report;
        this.now = now;
    }

    /** One row per proxy. */
    public List<List<String>> rows() {
        return report.rows().stream().map(this::row).toList();
    }

    private List<String> row(ProxyRow row) {
        ConnectedProxy proxy = row.connected();
        MeshedPod pod = row.meshed();
        return List.of(
                row.pod(),
                proxy == null ? NOT_CONNECTED : proxy.progress().word(),
                proxy == null ? "" : proxy.replica(),
                proxy == null ? "" : span(Duration.between(proxy.since(), now)),
                pod == null ? UNKNOWN : expiry(pod.expiry().time()),
                pod == null || pod.version().isEmpty() ? UNKNOWN : pod.version(),
                proxy == null ? "" : proxy.identity());
    }

    /** What goes below the table: details, notes and sums. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ProxyRow row : report.rows()) {
            ConnectedProxy proxy = row.connected();
            if (proxy != null && !proxy.progress().detail().isEmpty()) {
                lines.add(row.pod() + " " + proxy.progress().word() + ": "
                        + proxy.progress().detail());
            }
            if (row.meshed() != null && !row.meshed().expiry().reason().isEmpty()) {
                lines.add(row.pod() + " certificate not known: "
                        + row.meshed().expiry().reason());
            }
        }
        lines.addAll(report.notes());
        long connected =
                report.rows().stream().filter(row -> row.connected() != null).count();
        lines.add(connected + " connected to " + report.replicas().size() + " replicas, "
                + (report.rows().size() - connected) + " not connected");
        return lines;
    }

    /** Everything as plain data that any JSON writer takes. */
    public Map<String, Object> data() {
        List<Map<String, Object>> replicas = new ArrayList<>();
        for (ReplicaStatus replica : report.replicas()) {
            Map<String, Object> out = new LinkedHashMap<>();
            out.put("replica", replica.replica());
            out.put("time", replica.time().toString());
            out.put("version", replica.version());
            out.put("proxies", replica.proxies().size());
            replicas.add(out);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("replicas", replicas);
        out.put("proxies", report.rows().stream().map(ProxyReportText::data).toList());
        out.put("notes", report.notes());
        return out;
    }

    private static Map<String, Object> data(ProxyRow row) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("pod", row.pod());
        ConnectedProxy proxy = row.connected();
        out.put("connected", proxy != null);
        if (proxy != null) {
            out.put("state", proxy.progress().word());
            out.put("detail", proxy.progress().detail());
            out.put("replica", proxy.replica());
            out.put("since", proxy.since().toString());
            out.put("identity", proxy.identity());
            out.put("types", proxy.types());
        }
        MeshedPod pod = row.meshed();
        if (pod != null) {
            out.put("version", pod.version());
            Instant expiry = pod.expiry().time();
            if (expiry == null) {
                out.put("certificateNotKnown", pod.expiry().reason());
            } else {
                out.put("certificateNotAfter", expiry.toString());
            }
        }
        return out;
    }

    private String expiry(@Nullable Instant time) {
        if (time == null) {
            return UNKNOWN;
        }
        Duration left = Duration.between(now, time);
        return left.isNegative() ? "EXPIRED " + span(left.negated()) + " ago" : "in " + span(left);
    }

    /** A span as kubectl shows ages: its two largest units. */
    static String span(Duration span) {
        Duration positive = span.isNegative() ? Duration.ZERO : span;
        if (positive.toDays() > 0) {
            return positive.toDays() + "d" + positive.toHoursPart() + "h";
        }
        if (positive.toHours() > 0) {
            return positive.toHours() + "h" + positive.toMinutesPart() + "m";
        }
        return positive.toMinutes() > 0
                ? positive.toMinutes() + "m" + positive.toSecondsPart() + "s"
                : positive.toSeconds() + "s";
    }
}
