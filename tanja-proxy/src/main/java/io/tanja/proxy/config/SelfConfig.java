package io.tanja.proxy.config;

import io.tanja.model.authz.AuthorizationEngine;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.xds.ads.client.Received;
import io.tanja.xds.ads.client.ResourceListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sidecar's own configuration and what is compiled from it. The last one that could be used stays in force whatever
 * comes after it. One writer: the control loop.
 */
final class SelfConfig implements ResourceListener<ProxyConfig> {
    private static final Logger log = LoggerFactory.getLogger(SelfConfig.class);

    private final Runnable changed;
    private final CompletableFuture<ProxyConfig> first = new CompletableFuture<>();
    private final AtomicLong updates = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile @Nullable Compiled current;

    /**
     * A configuration and its engine, which belong together.
     *
     * @param config the configuration
     * @param engine the authorization engine made from it
     */
    record Compiled(ProxyConfig config, AuthorizationEngine engine) {}

    /**
     * Starts without a configuration.
     *
     * @param changed is run after a new one is in force
     */
    SelfConfig(Runnable changed) {
        this.changed = changed;
    }

    /** The configuration in force, or null before the first. For any thread. */
    @Nullable
    Compiled current() {
        return current;
    }

    /** Completed with the first configuration. */
    CompletableFuture<ProxyConfig> first() {
        return first;
    }

    long updates() {
        return updates.get();
    }

    long refused() {
        return refused.get();
    }

    @Override
    public void onUpdate(Received<ProxyConfig> resource) {
        ProxyConfig config = resource.value();
        current = new Compiled(config, AuthorizationEngine.compile(config.policies(), config.trustDomains()));
        updates.incrementAndGet();
        log.info(
                "configuration {} in force: mode {}, {} policies",
                resource.version(),
                config.modes().mode(),
                config.policies().size());
        first.complete(config);
        changed.run();
    }

    @Override
    public void onRemoved(String name) {
        if (current == null) {
            log.warn("the control plane does not know {} yet; waiting for its configuration", name);
        } else {
            log.warn("the control plane no longer knows {}; its last configuration stays in force", name);
        }
    }

    @Override
    public void onRejected(String name, java.util.List<String> aliases, String reason) {
        refused.incrementAndGet();
        log.error("configuration refused, the last good one stays in force: {}", reason);
    }
}
