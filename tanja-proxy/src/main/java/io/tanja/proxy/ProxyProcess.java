package io.tanja.proxy;

import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.tanja.proxy.admin.AdminServer;
import io.tanja.proxy.admin.Readiness;
import io.tanja.proxy.admin.Resource;
import io.tanja.proxy.admin.StatsPage;
import io.tanja.proxy.app.AppClient;
import io.tanja.proxy.app.AppScrape;
import io.tanja.proxy.app.MergedStats;
import io.tanja.proxy.app.ProbeResource;
import io.tanja.proxy.capture.ConnectionLimit;
import io.tanja.proxy.capture.OriginalDestination;
import io.tanja.proxy.launch.ProxyOptions;
import io.tanja.proxy.observe.AccessLog;
import io.tanja.proxy.observe.AccessLogSettings;
import io.tanja.proxy.observe.Exposition;
import io.tanja.proxy.observe.MetricSource;
import io.tanja.proxy.observe.ProcessMetrics;
import io.tanja.proxy.observe.ProxyObserver;
import io.tanja.proxy.observe.TrafficMetrics;
import io.tanja.proxy.tls.BoringTls;
import io.tanja.proxy.tls.JdkTls;
import io.tanja.proxy.tls.TlsProvider;
import io.tanja.proxy.upstream.SocketMark;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy's process, wired. The pages answer from the start; the capture ports open when identity and configuration are
 * there, so that a connection never meets a proxy that knows nothing. Started and ended by one thread.
 */
final class ProxyProcess implements AutoCloseable {
    private static final String READY = "/healthz/ready";
    private static final String STATS = "/stats/prometheus";
    private static final Logger log = LoggerFactory.getLogger(ProxyProcess.class);

    private final ProxyOptions options;
    private final Readiness readiness = new Readiness();
    private final ControlSide control;
    private final @Nullable AccessLog accessLog;
    private final TrafficMetrics traffic;
    private final AdminServer admin;
    private final StatsPage stats;
    private final Map<String, Resource> merged;
    private final ProxyServer server;
    private @Nullable InetSocketAddress readyAddress;
    private @Nullable InetSocketAddress statsAddress;
    private @Nullable InetSocketAddress mergedAddress;

    /**
     * Wires everything, and begins to ask for identity and configuration: what is made after that, here and in
     * {@link #start}, is made while the answers are on their way.
     *
     * @param originalDestination how the original destination of a captured connection is found
     * @param version the version of Tanja
     * @param startMillis when the process began, in epoch milliseconds
     * @throws IOException if the access log cannot be opened, BoringSSL not loaded, or the socket mark not set; the message
     *     names the flag
     */
    ProxyProcess(
            ProxyOptions options,
            OriginalDestination originalDestination,
            String version,
            long startMillis,
            InstantSource clock)
            throws IOException {
        this.options = options;
        new SocketMark(options.socketMark()).require();
        accessLog = accessLog(options);
        // First of all that does TLS: the JDK reads once what JdkTls has to tell it.
        TlsProvider provider = tls(options);
        control = new ControlSide(options, clock);
        control.start();
        requireBoringSsl(options);
        traffic = new TrafficMetrics(control.view()::ownWorkload, TrafficMetrics.MAX_SERIES);
        admin = new AdminServer(control.group(), EpollServerSocketChannel.class);
        stats = new StatsPage(metrics("", version, startMillis));
        merged = merged(version, startMillis);
        server = new ProxyServer(
                dataPath(options),
                provider,
                control.view(),
                control.identity(),
                new ProxyObserver(traffic, accessLog, System::nanoTime),
                originalDestination,
                clock,
                new Random());
    }

    private List<MetricSource> metrics(String prefix, String version, long startMillis) {
        return List.of(
                new ProcessMetrics(prefix, Path.of("/proc/self"), version, startMillis),
                traffic,
                control.identity().metrics(),
                control.view(),
                this::writeDropped);
    }

    private Map<String, Resource> merged(String version, long startMillis) {
        AppClient app = new AppClient(
                control.group().next(),
                new SocketMark(options.socketMark())::open,
                options.app(),
                options.openSsl() ? SslProvider.OPENSSL : SslProvider.JDK);
        AppScrape scrape = options.scrape();
        Resource metrics = scrape == null
                ? stats
                : new MergedStats(metrics(ProcessMetrics.MERGED_PREFIX, version, startMillis), scrape, app);
        Set<Integer> own = Set.copyOf(List.of(
                options.inboundPort(),
                options.outboundPort(),
                options.readyPort(),
                options.statsPort(),
                options.mergedPort()));
        Map<String, Resource> all = new HashMap<>();
        options.probes().forEach((path, probe) -> all.put(path, new ProbeResource(probe, app, own)));
        all.put(READY, readiness);
        all.put(STATS, metrics);
        all.put("/metrics", metrics);
        return all;
    }

    /**
     * Opens the pages, and the capture ports as soon as identity and configuration are there. Returns when the proxy is
     * ready.
     *
     * @throws IOException if a port cannot be had; the message names the flag
     * @throws InterruptedException if the thread is interrupted while it waits for the control plane
     */
    void start() throws IOException, InterruptedException {
        readyAddress = open("--ready-port", options.readyPort(), Map.of(READY, readiness));
        statsAddress = open("--stats-port", options.statsPort(), Map.of(STATS, stats));
        mergedAddress = open("--merged-port", options.mergedPort(), merged);
        if (accessLog != null) {
            accessLog.start();
        }
        await(CompletableFuture.allOf(
                control.view().firstConfig().thenRun(() -> readiness.present(Readiness.Part.CONFIG)),
                control.identity().first().thenRun(() -> readiness.present(Readiness.Part.IDENTITY))));
        control.view().onNewConfig(server::meshChanged);
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + "; end what uses the port, or choose --inbound-port and --outbound-port", e);
        }
        readiness.present(Readiness.Part.LISTENERS);
    }

    private static void await(CompletableFuture<Void> both) throws InterruptedException {
        try {
            both.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private InetSocketAddress open(String flag, int port, Map<String, ? extends Resource> resources)
            throws IOException {
        try {
            return admin.open(new InetSocketAddress(port), resources);
        } catch (IOException e) {
            throw new IOException(flag + ": " + e.getMessage() + "; end what uses the port, or choose another", e);
        }
    }

    /** Stops taking connections, lets the open ones go on for a while, and writes the last lines of the access log. */
    void drain() throws InterruptedException {
        readiness.missing(Readiness.Part.RUNNING, "draining");
        log.info(
                "draining for at most {} ms, {} connections open",
                options.drain().toMillis(),
                server.connections());
        server.drain(options.drain());
    }

    @Override
    public void close() {
        server.close();
        admin.close();
        control.close();
        if (accessLog != null) {
            try {
                accessLog.close();
            } catch (IOException e) {
                log.warn("the access log's last lines are lost: {}", e.toString());
            }
        }
    }

    /** Where readiness is answered; null before the start. */
    @Nullable
    InetSocketAddress readyAddress() {
        return readyAddress;
    }

    /** Where metrics are answered; null before the start. */
    @Nullable
    InetSocketAddress statsAddress() {
        return statsAddress;
    }

    /** Where the application's probes are answered; null before the start. */
    @Nullable
    InetSocketAddress mergedAddress() {
        return mergedAddress;
    }

    /** The data path. */
    ProxyServer server() {
        return server;
    }

    private void writeDropped(Exposition out) {
        out.single(
                "tanja_access_log_dropped_total",
                Exposition.Type.COUNTER,
                "Lines of the access log that were lost because the disk was slow or full.",
                accessLog == null ? 0 : accessLog.dropped());
    }

    private static ProxySettings dataPath(ProxyOptions options) {
        ProxySettings istio = ProxySettings.DEFAULT;
        return new ProxySettings(
                options.bindAddress(),
                options.inboundPort(),
                options.outboundPort(),
                options.eventLoops(),
                istio.backlog(),
                new ConnectionLimit(options.maxConnections(), options.maxSockets()),
                istio.detection(),
                istio.handshake(),
                istio.connect(),
                istio.idle(),
                istio.grace(),
                istio.connectAttempts(),
                options.http10() ? istio.http().withHttp10() : istio.http(),
                istio.pool().withMaxIdle(options.maxIdle()),
                options.socketMark());
    }

    private static TlsProvider tls(ProxyOptions options) {
        return options.openSsl()
                ? new BoringTls(ProxySettings.DEFAULT.handshake())
                : new JdkTls(ProxySettings.DEFAULT.handshake());
    }

    private static void requireBoringSsl(ProxyOptions options) throws IOException {
        if (options.openSsl() && !OpenSsl.isAvailable()) {
            throw new IOException("--tls-provider: BoringSSL cannot be loaded (" + OpenSsl.unavailabilityCause()
                    + "); mount a folder at /tmp that programs may be loaded from, or choose jdk");
        }
    }

    private static @Nullable AccessLog accessLog(ProxyOptions options) throws IOException {
        String target = options.accessLog();
        if (target == null) {
            return null;
        }
        AccessLogSettings settings = new AccessLogSettings(
                options.accessLogFormat(),
                AccessLogSettings.DEFAULT.bufferBytes(),
                AccessLogSettings.DEFAULT.pauseMillis());
        try {
            OutputStream out =
                    target.equals("-") ? new FileOutputStream(FileDescriptor.out) : new FileOutputStream(target, true);
            return new AccessLog(settings, out, System::nanoTime);
        } catch (IOException e) {
            throw new IOException("--access-log: cannot write " + e.getMessage() + "; name another file, or off", e);
        }
    }
}
