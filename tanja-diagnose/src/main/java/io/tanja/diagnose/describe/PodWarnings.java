package io.tanja.diagnose.describe;

import io.tanja.model.api.Service;
import io.tanja.model.authz.AuthorizationEngine;
import io.tanja.model.inject.CaptureScope;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.policy.Ignored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** What deserves attention although no object is wrong. Pure; used by one thread. */
final class PodWarnings {
    private final Subject subject;
    private final List<String> found = new ArrayList<>();

    private PodWarnings(Subject subject) {
        this.subject = subject;
    }

    static List<String> of(Subject subject) {
        PodWarnings warnings = new PodWarnings(subject);
        warnings.services();
        if (!subject.pod().status().ready()) {
            warnings.found.add("the pod is not ready: no new connection is sent to it");
        }
        if (subject.meshed()) {
            warnings.modes();
            warnings.uncaptured();
            warnings.policies();
        }
        return warnings.found;
    }

    private void services() {
        Map<Integer, Map<AppProtocol, String>> declared = new HashMap<>();
        for (Service service : subject.services()) {
            for (Service.Port port : service.ports()) {
                OptionalInt target = port.target().in(subject.pod().spec());
                AppProtocol protocol =
                        AppProtocol.declared(port.name(), port.appProtocol(), port.protocol(), port.port());
                String what = service.id() + " port " + port.port();
                if (target.isEmpty()) {
                    found.add(what + " leads nowhere in this pod: it has no container port of the name that targetPort"
                            + " says");
                } else if (protocol == AppProtocol.UDP) {
                    found.add(what + " is UDP, which is never captured nor encrypted");
                } else {
                    declared.computeIfAbsent(target.getAsInt(), p -> new HashMap<>())
                            .putIfAbsent(protocol, what);
                }
                if (protocol == AppProtocol.AUTO) {
                    found.add(what + (port.name().isEmpty() ? " has no name" : " is named " + port.name())
                            + ", which declares no protocol: it is decided by the first bytes of each connection. Name"
                            + " it http-… or tcp-…, above all if the server speaks first");
                }
            }
        }
        declared.forEach((port, protocols) -> {
            InboundPort used = subject.member().ports().get(port);
            if (protocols.size() > 1 && used != null) {
                found.add("port " + port + " is declared differently by "
                        + String.join(" and ", new TreeSet<>(protocols.values())) + ": " + used.protocol() + " of "
                        + used.serviceHost() + " is used, the oldest");
            }
        });
    }

    private void modes() {
        Set<TlsMode> modes = new TreeSet<>();
        modes.add(subject.member().modes().mode());
        subject.ports().forEach(port -> modes.add(subject.member().modes().of(port)));
        for (TlsMode mode : modes) {
            found.add(
                    switch (mode) {
                        case STRICT ->
                            "STRICT: callers without a sidecar are refused; whether there are any, no object says";
                        case PERMISSIVE -> "PERMISSIVE: callers without a sidecar are served in plaintext";
                        case DISABLE -> "DISABLE: everything is plaintext, in the mesh too";
                    });
        }
    }

    private void uncaptured() {
        for (int port : subject.ports()) {
            if (!subject.captured(port)) {
                found.add("port " + port + " is left out of capture by an annotation " + CaptureScope.PREFIX
                        + "…InboundPorts or the ModuleConfig: no mode and no policy is enforced there"
                        + (subject.member().modes().of(port) == TlsMode.DISABLE
                                ? ""
                                : ", and callers in the mesh send mutual TLS that the application does not"
                                        + " understand; set the port's mode to DISABLE"));
            }
        }
        CaptureScope scope = subject.scope();
        if (!scope.outboundAll()
                || !scope.excludeOutboundPorts().isEmpty()
                || !scope.excludeOutboundRanges().isEmpty()) {
            found.add("what the pod itself sends is not captured everywhere (annotations " + CaptureScope.PREFIX
                    + "…Outbound…, or the ModuleConfig): the rest is never encrypted");
        }
    }

    private void policies() {
        for (Ignored ignored : subject.attached().ignored()) {
            found.add(ignored.policy() + " does not apply: " + ignored.reason());
        }
        boolean needsRequests = AuthorizationEngine.compile(
                        subject.attached().policies(),
                        List.of(subject.state().options().trustDomain()))
                .needsRequests();
        if (!needsRequests) {
            return;
        }
        subject.member().ports().forEach((port, declared) -> {
            if (declared.protocol().isOpaque()) {
                found.add("port " + port + " is declared " + declared.protocol()
                        + ", and AuthorizationPolicies of this pod look at requests: there, what they allow by request"
                        + " is not allowed, and what they deny by request is denied whatever it is");
            }
        });
    }
}
