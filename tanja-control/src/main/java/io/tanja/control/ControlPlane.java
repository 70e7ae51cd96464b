package io.tanja.control;

import io.tanja.control.ca.AuthenticationInterceptor;
import io.tanja.control.ca.CertificateService;
import io.tanja.control.ca.ServingKeyManager;
import io.tanja.control.push.Publisher;
import io.tanja.control.serve.ControlServer;
import io.tanja.control.source.ManifestFolder;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control plane of one mesh: builds all parts in the order in which data flows, and takes them down in reverse.
 *
 * <pre>manifest folder → state → catalog → ADS streams        certificate requests → CA → certificates</pre>
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
        checks.readableFolder("--manifests", options.manifests());
        checks.freePort("--listen", options.listen());
        Path status = options.statusFile();
        if (status != null) {
            checks.writableFile("--status-file", status);
        }
        Trust trust = Trust.open(options, clock, new SecureRandom(), checks);
        checks.done();
        if (trust == null) {
            throw new IllegalStateException("no reason was given why there is no CA");
        }
        return start(options, trust, clock);
    }

    private static ControlPlane start(ControlOptions options, Trust trust, InstantSource clock) throws ConfigException {
        ThreadFactory threads = Thread.ofVirtual().name("control-", 0).factory();
        List<AutoCloseable> parts = new ArrayList<>();
        try {
            parts.add(new CaReload(trust.ca(), clock, threads));
            AdsServer ads = new AdsServer(
                    () -> AuthenticationInterceptor.currentCaller().identity(), threads, clock, Limits.DEFAULT);
            Publisher publisher = new Publisher(
                    options.mesh(), published -> ads.publish(published.catalog()), System::nanoTime, threads);
            parts.add(publisher);
            follow(options.manifests(), publisher, threads, parts);
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
            Path status = options.statusFile();
            if (status != null) {
                StatusFile file = new StatusFile(status, publisher::last, ads::streams, trust::status, clock, threads);
                parts.add(file);
                file.start();
            }
            LOG.info(
                    "control plane serves address={} port={} trustDomain={} manifests=\"{}\"",
                    options.listen().getAddress().getHostAddress(),
                    server.port(),
                    options.mesh().trustDomain(),
                    options.manifests());
            return new ControlPlane(ads, publisher, server, parts);
        } catch (IOException e) {
            closeAll(parts);
            throw new ConfigException(List.of(new ConfigProblem(
                    "--listen",
                    options.listen() + " cannot be opened: " + e.getMessage(),
                    "stop what uses it, or name another address or port")));
        }
    }

    /** The first state is published before anything is served: a proxy must not hear that it does not exist. */
    private static void follow(Path manifests, Publisher publisher, ThreadFactory threads, List<AutoCloseable> parts) {
        ManifestFolder source = new ManifestFolder(manifests, System::nanoTime, threads);
        parts.add(source);
        source.start(publisher::accept);
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
