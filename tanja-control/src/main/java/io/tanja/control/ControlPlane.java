package io.tanja.control;

import io.tanja.control.ca.AuthenticationInterceptor;
import io.tanja.control.ca.CertificateService;
import io.tanja.control.ca.ServingKeyManager;
import io.tanja.control.push.Publisher;
import io.tanja.control.serve.ControlServer;
import io.tanja.control.source.ManifestFolder;
import io.tanja.control.source.Source;
import io.tanja.control.status.StatusFile;
import io.tanja.xds.ads.server.AdsServer;
import io.tanja.xds.ads.server.Limits;
import io.tanja.xds.ads.server.StreamStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane of one mesh: builds all parts in the order in which data flows, and takes them down in reverse.
 *
 * <pre>source → state → catalog → ADS streams        certificate requests → CA → certificates</pre>
 */
public final class ControlPlane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);

    private static final long STOP_MILLIS = 2_000;

    private final AdsServer ads;
    private final Publisher publisher;
    private final ControlServer server;
    /** What to close, the last one first. */
    private final List<AutoCloseable> parts;

    private ControlPlane(AdsServer ads, Publisher publisher, ControlServer server, List<AutoCloseable> parts) {
        this.ads = ads;
        this.publisher = publisher;
        this.server = server;
        this.parts = parts;
    }

    /**
     * Starts with the CA and the token key that the options name.
     *
     * @throws ConfigException with every reason why it cannot start
     */
    public static ControlPlane start(ControlOptions options) throws ConfigException {
        InstantSource clock = InstantSource.system();
        StartChecks checks = new StartChecks();
        checks.freePort("--listen", options.listen());
        Path status = options.statusFile();
        if (status != null) {
            checks.writableFile("--status-file", status);
        }
        ThreadFactory threads = Thread.ofVirtual().name("control-", 0).factory();
        SecureRandom random = new SecureRandom();
        List<AutoCloseable> parts = new ArrayList<>();
        AtomicBoolean serving = new AtomicBoolean();
        // Before the API server knows the webhooks, a pod of a meshed namespace would start without its sidecar.
        AtomicBoolean registered = new AtomicBoolean();
        AtomicBoolean givesWay = new AtomicBoolean();
        Trust trust;
        Source source;
        Webhooks webhooks = null;
        ClusterParts duties = null;
        switch (options.source()) {
            case SourceOptions.Folder files -> {
                checks.readableFolder("--manifests", files.manifests());
                trust = Trust.open(options, files, clock, random, checks);
                source = new ManifestFolder(files.manifests(), System::nanoTime, threads);
            }
            case SourceOptions.Kubernetes kubernetes -> {
                checks.freePort("--probe-listen", kubernetes.probes());
                checks.freePort("--webhook-listen", kubernetes.admission().listen());
                Cluster cluster = Cluster.open(kubernetes.kubeconfig(), checks);
                trust = cluster == null ? null : Trust.open(options, cluster, clock, random, checks);
                source = null;
                if (trust != null && cluster != null && checks.none()) {
                    ClusterParts started = ClusterParts.start(
                            options,
                            kubernetes,
                            cluster,
                            trust,
                            () -> serving.get() && (registered.get() || givesWay.get()),
                            givesWay,
                            clock,
                            threads,
                            parts);
                    source = started.source();
                    duties = started;
                    webhooks = new Webhooks(kubernetes.admission(), options.mesh(), cluster, trust, started.writes());
                }
            }
        }
        checks.done();
        if (trust == null || source == null) {
            throw new IllegalStateException("no reason was given why there is no CA");
        }
        ControlPlane plane =
                start(options, trust, source, webhooks, duties, () -> registered.set(true), clock, threads, parts);
        // The last part is closed first: whoever asks hears that it stops before it does.
        parts.add(() -> serving.set(false));
        serving.set(true);
        return plane;
    }

    private static ControlPlane start(
            ControlOptions options,
            Trust trust,
            Source source,
            @Nullable Webhooks webhooks,
            @Nullable ClusterParts duties,
            Runnable registered,
            InstantSource clock,
            ThreadFactory threads,
            List<AutoCloseable> parts)
            throws ConfigException {
        try {
            parts.add(new CaReload(trust.ca(), clock, threads));
            AdsServer ads = new AdsServer(
                    () -> AuthenticationInterceptor.currentCaller().identity(), threads, clock, Limits.DEFAULT);
            Publisher publisher = new Publisher(
                    options.mesh(), published -> ads.publish(published.catalog()), System::nanoTime, threads);
            parts.add(publisher);
            // The first state is published before anything is served: a proxy must not hear that it does not exist.
            parts.add(source);
            source.start(publisher::accept);
            if (webhooks != null) {
                webhooks.start(() -> publisher.last().catalog().state(), registered, threads, parts);
            }
            ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
            parts.add(calls);
            ControlServer server = ControlServer.start(
                    options.listen(),
                    new ServingKeyManager(trust.serving()),
                    new AuthenticationInterceptor(trust.authenticator()),
                    List.of(ads.service(), new CertificateService(trust.authority(), clock).bindService()),
                    calls);
            parts.add(() -> server.stop(STOP_MILLIS));
            parts.add(ads::close);
            if (duties != null) {
                parts.add(duties.keepStatuses(publisher::last, ads::streams, clock, threads));
            }
            Path status = options.statusFile();
            if (status != null) {
                StatusFile file = new StatusFile(status, publisher::last, ads::streams, trust::status, clock, threads);
                parts.add(file);
                file.start();
            }
            LOG.info(
                    "control plane serves address={} port={} trustDomain={} source={}",
                    options.listen().getAddress().getHostAddress(),
                    server.port(),
                    options.mesh().trustDomain(),
                    options.source());
            return new ControlPlane(ads, publisher, server, parts);
        } catch (ConfigException e) {
            closeAll(parts);
            throw e;
        } catch (IOException e) {
            closeAll(parts);
            throw new ConfigException(List.of(new ConfigProblem(
                    "--listen",
                    options.listen() + " cannot be opened: " + e.getMessage(),
                    "stop what uses it, or name another address or port")));
        }
    }

    /** The port that is served. */
    public int port() {
        return server.port();
    }

    /** What was last published. */
    public Publisher.Published published() {
        return publisher.last();
    }

    /** The connected clients. */
    public List<StreamStatus> streams() {
        return ads.streams();
    }

    /** Ends the streams, so that proxies go on with what they have and look for another control plane; then stops. */
    @Override
    public void close() {
        LOG.info("control plane stops");
        closeAll(parts);
    }

    private static void closeAll(List<AutoCloseable> parts) {
        for (AutoCloseable part : parts.reversed()) {
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("not closed cleanly", e);
            }
        }
    }
}
