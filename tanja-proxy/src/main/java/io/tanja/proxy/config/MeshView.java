package io.tanja.proxy.config;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.tanja.model.authz.AuthorizationEngine;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Workload;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the data path knows of the mesh at this moment. Every method may be called on any event loop and never blocks;
 * each returned object is an immutable snapshot.
 */
public interface MeshView {
    /**
     * The sidecar's own configuration.
     *
     * @throws IllegalStateException before the first configuration has arrived; listeners open only after it
     */
    ProxyConfig self();

    /** The authorization engine compiled from {@link #self()}. */
    AuthorizationEngine authorization();

    /** What is known of an address without asking anybody, or null if the control plane must be asked. */
    @Nullable
    Lookup known(InetAddress address);

    /**
     * What an address is; asks the control plane if need be. The future is completed on {@code loop}, within the
     * implementation's time-out, and never fails: what could not be found out is {@link Lookup.Unavailable}.
     */
    Future<Lookup> resolve(InetAddress address, EventExecutor loop);

    /**
     * What an address is once a workload behind it is ready, for a service of which {@link #known} lists none. Completed
     * on {@code loop}, and never fails; with no ready workload when the wait is over, which is at once if the service has
     * been without for longer.
     */
    Future<Lookup> awaitEndpoint(InetAddress address, EventExecutor loop);

    /**
     * The workload with that address, for names in logs and metrics; null if it is not known. Does not wait; what is not
     * known may be asked for in the background, so that a caller has a name from its second connection on.
     */
    @Nullable
    Workload workload(InetAddress address);
}
