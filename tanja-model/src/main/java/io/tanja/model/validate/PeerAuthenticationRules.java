package io.tanja.model.validate;

import io.tanja.model.api.PeerAuthentication;

/** {@code ValidatePeerAuthentication}. */
final class PeerAuthenticationRules {
    private PeerAuthenticationRules() {}

    static void check(PeerAuthentication policy, Findings findings) {
        findings.selector(policy.selector());
        if (!policy.portLevelMtls().isEmpty() && policy.selector().isEmpty()) {
            findings.error(
                    "spec.portLevelMtls",
                    "ports need a selector",
                    "add spec.selector.matchLabels, or remove spec.portLevelMtls");
        }
        for (int port : policy.portLevelMtls().keySet()) {
            if (port < 1 || port > 65535) {
                findings.error("spec.portLevelMtls", port + " is not a port", "write a workload port from 1 to 65535");
            }
        }
    }
}
