package io.tanja.install.crd;

import static io.tanja.install.crd.Schema.field;
import static io.tanja.install.crd.Schema.map;
import static io.tanja.install.crd.Schema.object;
import static io.tanja.install.crd.Schema.oneOf;
import static io.tanja.install.crd.Schema.rule;
import static io.tanja.install.crd.Schema.some;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;

/** PeerAuthentication ({@code security/v1beta1/peer_authentication.proto} of istio/api). */
final class PeerAuthenticationSchema {
    /** Ports that a pod can have. */
    private static final long PORTS = 65_535;

    private PeerAuthenticationSchema() {}

    static JSONSchemaProps spec() {
        JSONSchemaProps ports =
                some(map("Modes of single ports of the workload; they need a selector.", mode("Of the port."), PORTS));
        rule(
                ports,
                "self.all(key, 0 < int(key) && int(key) <= 65535)",
                "a key must be a workload port from 1 to 65535");
        return rule(
                object(
                        "Which connections workloads accept.",
                        field("selector", Selectors.workload()),
                        field("mtls", mode("Of all ports.")),
                        field("portLevelMtls", ports)),
                "!has(self.portLevelMtls) || (has(self.selector) && has(self.selector.matchLabels)"
                        + " && self.selector.matchLabels.size() > 0)",
                "portLevelMtls needs a selector with matchLabels");
    }

    private static JSONSchemaProps mode(String description) {
        return object(
                description,
                field(
                        "mode",
                        oneOf(
                                "UNSET takes the mode from the next wider policy.",
                                "UNSET",
                                "DISABLE",
                                "PERMISSIVE",
                                "STRICT")));
    }
}
