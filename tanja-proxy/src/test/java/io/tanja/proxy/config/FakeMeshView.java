package io.tanja.proxy.config;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.tanja.model.authz.AuthorizationEngine;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Workload;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A mesh view that a test fills by hand. What was not put in is not in the mesh. */
public final class FakeMeshView implements MeshView {
    private final Map<InetAddress, Lookup> known = new ConcurrentHashMap<>();
    private final Map<InetAddress, Lookup> onDemand = new ConcurrentHashMap<>();
    private volatile ProxyConfig self;
    private volatile AuthorizationEngine engine;

    public FakeMeshView(ProxyConfig self) {
        this.self = self;
        this.engine = AuthorizationEngine.compile(self.policies(), self.trustDomains());
    }

    /** Replaces the proxy's own configuration. */
    public void self(ProxyConfig config) {
        engine = AuthorizationEngine.compile(config.policies(), config.trustDomains());
        self = config;
    }

    /** Puts an address in that is known without asking. */
    public void put(InetAddress address, Lookup lookup) {
        known.put(address, lookup);
    }

    /** Puts an address in that has to be asked for. */
    public void putOnDemand(InetAddress address, Lookup lookup) {
        onDemand.put(address, lookup);
    }

    /** Takes out what was known without asking. */
    public void forget(InetAddress address) {
        known.remove(address);
    }

    @Override
    public ProxyConfig self() {
        return self;
    }

    @Override
    public AuthorizationEngine authorization() {
        return engine;
    }

    @Override
    public @Nullable Lookup known(InetAddress address) {
        Lookup found = known.get(address);
        return found != null || onDemand.containsKey(address) ? found : new Lookup.NotInMesh();
    }

    @Override
    public Future<Lookup> resolve(InetAddress address, EventExecutor loop) {
        return loop.newSucceededFuture(onDemand.getOrDefault(address, new Lookup.NotInMesh()));
    }

    /** What the address is now: nobody becomes ready here while somebody waits. */
    @Override
    public Future<Lookup> awaitEndpoint(InetAddress address, EventExecutor loop) {
        return loop.newSucceededFuture(known.getOrDefault(address, new Lookup.NotInMesh()));
    }

    @Override
    public @Nullable Workload workload(InetAddress address) {
        return known.get(address) instanceof Lookup.WorkloadHit hit ? hit.workload() : null;
    }
}
