package io.tanja.proxy.route;

import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;

/** What happens to a connection that was captured on its way into the pod. */
public sealed interface InboundDecision {
    /**
     * Its TLS is ended here, with both certificates checked.
     *
     * @param http whether requests are inside; else bytes
     */
    record TerminateMeshTls(boolean http) implements InboundDecision {}

    /**
     * It passes to the application unopened: TLS that is the application's own business.
     *
     * @param why why it is not the mesh's mutual TLS
     */
    record PassOpaque(PlaintextReason why) implements InboundDecision {}

    /**
     * Plain requests.
     *
     * @param why why they are not encrypted
     */
    record PlainHttp(PlaintextReason why) implements InboundDecision {}

    /**
     * Plain bytes.
     *
     * @param why why they are not encrypted
     */
    record PlainTcp(PlaintextReason why) implements InboundDecision {}

    /**
     * It is closed, and nothing is forwarded.
     *
     * @param refusal the catalogued cause
     * @param detail expected and actual
     */
    record Refuse(Refusal refusal, String detail) implements InboundDecision {}
}
