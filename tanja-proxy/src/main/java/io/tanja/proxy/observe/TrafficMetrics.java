package io.tanja.proxy.observe;

import io.tanja.model.mesh.Workload;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the traffic under Istio's names and labels ({@code pilot/pkg/model/telemetry.go}), and under our own names what
 * Istio does not tell: refusals and plaintext by reason. Safe for use by many threads.
 *
 * <p>The number of series is limited: what comes beyond is counted in one series whose {@code destination_service} is
 * {@code overflow}, so that sums stay right and memory stays bounded whatever peers send.
 */
public final class TrafficMetrics implements MetricSource {
    /** How many series of requests, and as many of connections, are kept. A series of requests takes about 1 KiB. */
    public static final int MAX_SERIES = 1000;

    private final Supplier<@Nullable Workload> self;
    private final int maxSeries;
    private final Map<SeriesKey, RequestSeries> requests = new ConcurrentHashMap<>();
    private final Map<SeriesKey, TcpSeries> tcp = new ConcurrentHashMap<>();
    private final Map<ConnectionRecord, LiveConnection> live = new ConcurrentHashMap<>();
    private final Tally<Refusal> refusedConnections = new Tally<>(Refusal.class);
    private final Tally<Refusal> refusedRequests = new Tally<>(Refusal.class);
    private final Tally<PlaintextReason> plaintextConnections = new Tally<>(PlaintextReason.class);
    private final AtomicLong overflows = new AtomicLong();

    /**
     * Makes empty metrics.
     *
     * @param self the workload that the proxy stands beside, or null while it is not known
     * @param maxSeries the limit, such as {@link #MAX_SERIES}
     */
    public TrafficMetrics(Supplier<@Nullable Workload> self, int maxSeries) {
        this.self = self;
        this.maxSeries = maxSeries;
    }

    void opened(ConnectionRecord connection) {
        TcpSeries series = null;
        if (connection.refusal == null && !isHttp(connection)) {
            series = tcpSeries(connection);
            series.opened.getAndIncrement();
        }
        boolean plaintext = countPlaintext(connection);
        live.put(connection, new LiveConnection(connection, series, plaintext));
    }

    void ended(RequestRecord request) {
        SeriesKey key = new SeriesKey(
                request.connection.direction,
                self.get(),
                Wire.peer(request),
                Wire.security(request),
                request.connection.serviceHost,
                Wire.cluster(request),
                request.status,
                request.refusal);
        RequestSeries series = requests.get(key);
        if (series == null) {
            series = requests.computeIfAbsent(admit(key, requests.size()), k -> new RequestSeries());
        }
        series.record(request);
        if (request.refusal != null) {
            refusedRequests.increment(request.connection.direction, request.refusal);
        }
    }

    void closed(ConnectionRecord connection) {
        LiveConnection was = live.remove(connection);
        if (was != null) {
            was.closed();
        }
        if (was == null || !was.plaintextCounted) {
            countPlaintext(connection);
        }
        if (connection.refusal != null) {
            refusedConnections.increment(connection.direction, connection.refusal);
        }
    }

    private TcpSeries tcpSeries(ConnectionRecord connection) {
        SeriesKey key = new SeriesKey(
                connection.direction,
                self.get(),
                connection.peer,
                Wire.security(connection),
                connection.serviceHost,
                connection.cluster,
                SeriesKey.NO_CODE,
                null);
        TcpSeries series = tcp.get(key);
        return series != null ? series : tcp.computeIfAbsent(admit(key, tcp.size()), k -> new TcpSeries());
    }

    private SeriesKey admit(SeriesKey key, int size) {
        if (size < maxSeries) {
            return key;
        }
        overflows.incrementAndGet();
        return key.overflow();
    }

    private boolean countPlaintext(ConnectionRecord connection) {
        PlaintextReason why = Wire.plaintext(Wire.security(connection));
        if (why == null) {
            return false;
        }
        plaintextConnections.increment(connection.direction, why);
        return true;
    }

    private static boolean isHttp(ConnectionRecord connection) {
        String protocol = connection.protocol;
        return protocol != null && (protocol.startsWith("http/") || protocol.equals("h2"));
    }

    @Override
    public void write(Exposition out) {
        for (LiveConnection each : live.values()) {
            each.settle();
        }
        TrafficPage.requests(out, requests);
        TrafficPage.connections(out, tcp);
        int inbound = 0;
        for (ConnectionRecord each : live.keySet()) {
            inbound += each.direction == Direction.INBOUND ? 1 : 0;
        }
        int outbound = Math.max(0, live.size() - inbound);
        out.family("tanja_connections_active", Exposition.Type.GAUGE, "Connections that are open now.");
        out.sample("tanja_connections_active", "direction=\"inbound\"", inbound);
        out.sample("tanja_connections_active", "direction=\"outbound\"", outbound);
        counter(out, "tanja_connections_refused_total", "Connections refused or failed, by cause.");
        refusedConnections.write(out, "tanja_connections_refused_total", Refusal::label);
        counter(out, "tanja_requests_refused_total", "Requests refused or failed, by cause.");
        refusedRequests.write(out, "tanja_requests_refused_total", Refusal::label);
        counter(out, "tanja_plaintext_connections_total", "Connections without mutual TLS between pods, by reason.");
        plaintextConnections.write(out, "tanja_plaintext_connections_total", PlaintextReason::label);
        out.single(
                "tanja_metrics_overflow_total",
                Exposition.Type.COUNTER,
                "Requests and connections counted as overflow because the limit of series was reached.",
                overflows.get());
    }

    private static void counter(Exposition out, String name, String help) {
        out.family(name, Exposition.Type.COUNTER, help);
    }
}
