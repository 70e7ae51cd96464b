package io.tanja.proxy.config;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.tanja.model.authz.AuthorizationEngine;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Workload;
import io.tanja.proxy.observe.Exposition;
import io.tanja.proxy.observe.MetricSource;
import io.tanja.xds.ads.client.AdsClient;
import io.tanja.xds.ads.client.AdsStatus;
import io.tanja.xds.codec.ResourceType;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The view of the mesh that the control plane keeps up to date: the sidecar's own configuration by its workload's uid, and
 * addresses as they are needed. Readers see immutable snapshots; the control loop is the one writer.
 */
public final class SubscribedMeshView implements MeshView, MetricSource {
    /** How many addresses are kept subscribed unless told otherwise. */
    public static final int MAX_ADDRESSES = 2048;

    /** How long a connection waits for the control plane's answer unless told otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EventExecutor control;
    private final AdsClient ads;
    private final AddressBook book;
    private final SelfConfig self;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /**
     * Makes a view and subscribes it; {@link AdsClient#start} is left to the caller.
     *
     * @param control the event loop of {@code ads}
     * @param ads the stream to the control plane, not started yet
     * @param uid the uid of the workload that the proxy stands beside
     * @param maxAddresses how many addresses are kept subscribed, such as {@link #MAX_ADDRESSES}
     * @param patience how long {@link #resolve} may take, such as {@link #PATIENCE}
     */
    public SubscribedMeshView(EventExecutor control, AdsClient ads, String uid, int maxAddresses, Duration patience) {
        this.control = control;
        this.ads = ads;
        self = new SelfConfig(this::changed);
        book = new AddressBook(control, maxAddresses, patience, this::controlPlaneState);
        ads.subscribe(ResourceType.PROXY_CONFIG, List.of(uid), self);
        book.subscription(ads.subscribe(ResourceType.ADDRESS, List.of(), book));
    }

    /** Completed, on the control loop, with the first configuration of the sidecar. */
    public CompletableFuture<ProxyConfig> firstConfig() {
        return self.first();
    }

    /** Has {@code listener} run on the control loop after every new configuration of the sidecar. It must not block. */
    public void onNewConfig(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public ProxyConfig self() {
        return compiled().config();
    }

    @Override
    public AuthorizationEngine authorization() {
        return compiled().engine();
    }

    /** The workload that the proxy stands beside, or null before the first configuration. */
    public @Nullable Workload ownWorkload() {
        SelfConfig.Compiled now = self.current();
        return now == null ? null : now.config().workload();
    }

    @Override
    public @Nullable Lookup known(InetAddress address) {
        return book.table().lookup(address);
    }

    @Override
    public Future<Lookup> resolve(InetAddress address, EventExecutor loop) {
        Promise<Lookup> promise = loop.newPromise();
        Lookup known = known(address);
        if (known != null) {
            return promise.setSuccess(known);
        }
        control.execute(() -> book.resolve(address, promise));
        return promise;
    }

    @Override
    public Future<Lookup> awaitEndpoint(InetAddress address, EventExecutor loop) {
        Promise<Lookup> promise = loop.newPromise();
        control.execute(() -> book.awaitEndpoint(address, promise));
        return promise;
    }

    @Override
    public @Nullable Workload workload(InetAddress address) {
        Lookup known = known(address);
        if (known == null) {
            control.execute(() -> book.askInBackground(address));
        }
        return AddressBook.workload(known);
    }

    private SelfConfig.Compiled compiled() {
        SelfConfig.Compiled now = self.current();
        if (now == null) {
            throw new IllegalStateException("no configuration yet");
        }
        return now;
    }

    private void changed() {
        for (Runnable each : listeners) {
            each.run();
        }
    }

    private String controlPlaneState() {
        AdsStatus status = ads.status();
        return status.connected()
                ? "the control plane is connected"
                : "the control plane is away since " + status.since() + ": " + status.lastError();
    }

    @Override
    public void write(Exposition out) {
        out.single(
                "tanja_xds_connected",
                Exposition.Type.GAUGE,
                "1 while the stream to the control plane is up, else 0.",
                ads.status().connected() ? 1 : 0);
        out.single(
                "tanja_config_updates_total",
                Exposition.Type.COUNTER,
                "Configurations of this sidecar that came into force.",
                self.updates());
        out.single(
                "tanja_config_refused_total",
                Exposition.Type.COUNTER,
                "Configurations of this sidecar that could not be used.",
                self.refused());
        out.single(
                "tanja_addresses_known",
                Exposition.Type.GAUGE,
                "Addresses that are known without asking.",
                book.table().size());
        out.single(
                "tanja_addresses_subscribed",
                Exposition.Type.GAUGE,
                "Addresses that the control plane keeps up to date.",
                book.subscribed());
        out.single(
                "tanja_addresses_evicted_total",
                Exposition.Type.COUNTER,
                "Addresses given up because the limit was reached.",
                book.evictions());
    }
}
