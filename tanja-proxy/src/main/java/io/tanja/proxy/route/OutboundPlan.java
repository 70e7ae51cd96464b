package io.tanja.proxy.route;

import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.upstream.Upstream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to a connection that was captured on its way out of the pod. */
public sealed interface OutboundPlan {
    /**
     * It goes to one of these.
     *
     * @param protocol what the destination's port is declared to carry
     * @param serviceHost the destination service's full host name, or null
     * @param endpoints at least one
     */
    record Go(AppProtocol protocol, @Nullable String serviceHost, List<Endpoint> endpoints) implements OutboundPlan {
        public Go {
            endpoints = List.copyOf(endpoints);
        }
    }

    /**
     * Nothing is forwarded: requests are answered with the cause, anything else is closed.
     *
     * @param protocol what the destination's port is declared to carry
     * @param refusal the catalogued cause
     * @param detail what was asked for, and what is missing
     */
    record Refuse(AppProtocol protocol, Refusal refusal, String detail) implements OutboundPlan {}

    /**
     * One place that can serve the connection. Its two forms differ in the ALPN that mesh TLS offers.
     *
     * @param http for requests
     * @param tcp for bytes
     */
    record Endpoint(Upstream http, Upstream tcp) {}
}
