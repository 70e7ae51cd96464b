package io.tanja.control.inject;

import java.util.List;
import java.util.Set;

/** Names and numbers of Istio's sidecar, which tools and people look for ({@code files/injection-template.yaml}). */
final class SidecarNames {
    static final String PROXY = "istio-proxy";
    static final String REDIRECT = "istio-init";
    static final String STATUS = "sidecar.istio.io/status";
    static final String TLS_MODE = "security.istio.io/tlsMode";

    static final String TOKEN_VOLUME = "istio-token";
    static final String ROOTS_VOLUME = "istiod-ca-cert";
    static final String SCRATCH_VOLUME = "istio-tmp";
    static final List<String> VOLUMES = List.of(SCRATCH_VOLUME, TOKEN_VOLUME, ROOTS_VOLUME);

    /** User and group of the proxy; what they send is not redirected. */
    static final long PROXY_ID = 1337;

    static final int PROBES_PORT = 15020;
    static final int READY_PORT = 15021;
    static final int STATS_PORT = 15090;
    /** Capture, HBONE, probes, readiness and metrics: the proxy needs them, or the redirect does not take them. */
    static final Set<Integer> PORTS = Set.of(15001, 15006, 15008, PROBES_PORT, READY_PORT, STATS_PORT);

    private SidecarNames() {}
}
