package io.tanja.proxy.authz;

import io.tanja.model.authz.ConnectionAttributes;
import io.tanja.model.authz.Decision;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.config.MeshView;
import io.tanja.proxy.http.Admission;
import io.tanja.proxy.http.HttpRoute;
import io.tanja.proxy.http.RequestHead;
import io.tanja.proxy.observe.RequestRecord;
import io.tanja.proxy.upstream.Upstream;
import java.util.Set;

/**
 * Judges each request of one inbound connection by the policies of the moment; all go to the application.
 *
 * @param view asked anew for each request, so that a new policy holds from the next request on
 * @param connection who calls what
 * @param application where requests go
 */
public record RequestGate(MeshView view, ConnectionAttributes connection, Upstream application) implements HttpRoute {
    /** The status of a request that is denied. */
    public static final int FORBIDDEN = 403;

    /** Envoy's words, which clients and tests know. */
    public static final String DENIED = "RBAC: access denied";

    @Override
    public Admission admit(RequestHead head, RequestRecord record, Set<Upstream> tried) {
        Decision decision = view.authorization().request(connection, head);
        return decision.allowed()
                ? new Admission.Forward(application)
                : new Admission.Reject(FORBIDDEN, DENIED, Refusal.POLICY_DENIED, decision.reason());
    }
}
