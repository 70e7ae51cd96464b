package io.tanja.proxy.route;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.config.Lookup;
import io.tanja.proxy.config.MeshView;
import io.tanja.proxy.http.Admission;
import io.tanja.proxy.http.HttpRoute;
import io.tanja.proxy.http.RequestHead;
import io.tanja.proxy.observe.RequestRecord;
import io.tanja.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Spreads the requests of one outbound connection over the endpoints of their destination. The plan is made anew when
 * what is known of the destination changes. One writer: the connection's event loop.
 */
public final class RequestSpread implements HttpRoute {
    private final MeshView view;
    private final RoundRobin balancing;
    private final InetSocketAddress destination;
    private Lookup lookup;
    private OutboundPlan plan;

    /**
     * Makes a route.
     *
     * @param lookup what is known of the destination now
     * @param plan what follows from it
     */
    public RequestSpread(
            MeshView view, RoundRobin balancing, InetSocketAddress destination, Lookup lookup, OutboundPlan plan) {
        this.view = view;
        this.balancing = balancing;
        this.destination = destination;
        this.lookup = lookup;
        this.plan = plan;
    }

    @Override
    public Admission admit(RequestHead head, RequestRecord record, Set<Upstream> tried) {
        renew();
        return switch (plan) {
            case OutboundPlan.Go go ->
                new Admission.Forward(balancing.choose(go.endpoints(), tried).http());
            case OutboundPlan.Refuse(var _, Refusal refusal, String detail) ->
                new Admission.Reject(
                        refusal == Refusal.DESTINATION_NOT_IN_REGISTRY ? 502 : 503, body(refusal), refusal, detail);
        };
    }

    @SuppressWarnings(
            "ReferenceEquality") // A new snapshot is a new object; comparing all of it would cost each request.
    private void renew() {
        Lookup now = view.known(destination.getAddress());
        if (now != null && now != lookup) {
            lookup = now;
            plan = OutboundTable.plan(now, destination, view.self().outbound());
        }
    }

    private static String body(Refusal refusal) {
        // Envoy's words where it has some.
        return refusal == Refusal.NO_READY_ENDPOINT ? "no healthy upstream" : refusal.meaning();
    }
}
