package io.tanja.xds.codec;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.mesh.ProxyConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A sidecar's own configuration, {@code tanja.v1.ProxyConfig}. */
public final class ProxyConfigCodec {
    private ProxyConfigCodec() {}

    /** Encodes a configuration. */
    public static io.tanja.xds.proto.tanja.v1.ProxyConfig encode(ProxyConfig config) {
        var out = io.tanja.xds.proto.tanja.v1.ProxyConfig.newBuilder()
                .setWorkload(WorkloadCodec.encode(config.workload(), List.of()))
                .setModes(ModesCodec.encode(config.modes()))
                .putAllModeSource(new TreeMap<>(config.modeSource()))
                .setOutbound(Enums.encode(config.outbound()));
        for (InboundPort port : new TreeMap<>(config.ports()).values()) {
            out.addPorts(io.tanja.xds.proto.tanja.v1.InboundPort.newBuilder()
                    .setPort(port.port())
                    .setProtocol(Enums.encode(port.protocol()))
                    .setServiceHost(port.serviceHost())
                    .setServicePort(port.servicePort()));
        }
        for (AuthorizationPolicy policy : config.policies()) {
            out.addPolicies(PolicyCodec.encode(policy));
        }
        for (TrustDomain domain : config.trustDomains()) {
            out.addTrustDomains(domain.name());
        }
        return out.build();
    }

    /**
     * Decodes a configuration.
     *
     * @param resource the resource's name, which must be the workload's uid
     */
    public static ProxyConfig decode(String resource, io.tanja.xds.proto.tanja.v1.ProxyConfig message)
            throws DecodeException {
        FieldPath at = FieldPath.of(resource);
        if (!message.hasWorkload()) {
            throw at.wrong("workload", "is missing");
        }
        if (!message.hasModes()) {
            throw at.wrong("modes", "is missing");
        }
        if (!message.getWorkload().getUid().equals(resource)) {
            throw at.wrong("workload.uid", "is not the resource's name");
        }
        return new ProxyConfig(
                WorkloadCodec.decode(at.in("workload"), message.getWorkload()),
                ModesCodec.decode(at.in("modes"), message.getModes()),
                modeSource(at, message.getModeSourceMap()),
                ports(at, message),
                policies(at, message),
                trustDomains(at, message),
                Enums.decode(at, "outbound", message.getOutbound()));
    }

    private static Map<Integer, String> modeSource(FieldPath at, Map<Integer, String> message) throws DecodeException {
        Map<Integer, String> out = new HashMap<>();
        for (var entry : message.entrySet()) {
            int port = entry.getKey();
            out.put(port == 0 ? 0 : at.port("mode_source", port), entry.getValue());
        }
        return out;
    }

    private static Map<Integer, InboundPort> ports(FieldPath at, io.tanja.xds.proto.tanja.v1.ProxyConfig message)
            throws DecodeException {
        Map<Integer, InboundPort> out = new HashMap<>();
        for (int i = 0; i < message.getPortsCount(); i++) {
            FieldPath here = at.in("ports", i);
            var port = message.getPorts(i);
            InboundPort decoded = new InboundPort(
                    here.port("port", port.getPort()),
                    Enums.decode(here, "protocol", port.getProtocol()),
                    here.required("service_host", port.getServiceHost()),
                    here.port("service_port", port.getServicePort()));
            if (out.put(decoded.port(), decoded) != null) {
                throw here.wrong("port", decoded.port() + " is given twice");
            }
        }
        return out;
    }

    private static List<AuthorizationPolicy> policies(FieldPath at, io.tanja.xds.proto.tanja.v1.ProxyConfig message)
            throws DecodeException {
        Set<Object> seen = new HashSet<>();
        List<AuthorizationPolicy> out = new ArrayList<>();
        for (int i = 0; i < message.getPoliciesCount(); i++) {
            FieldPath here = at.in("policies", i);
            AuthorizationPolicy policy = PolicyCodec.decode(here, message.getPolicies(i));
            if (!seen.add(policy.name())) {
                throw here.wrong("name", policy.name() + " is given twice");
            }
            out.add(policy);
        }
        return out;
    }

    private static List<TrustDomain> trustDomains(FieldPath at, io.tanja.xds.proto.tanja.v1.ProxyConfig message)
            throws DecodeException {
        if (message.getTrustDomainsCount() == 0) {
            throw at.wrong("trust_domains", "must have at least the mesh's own");
        }
        List<TrustDomain> out = new ArrayList<>();
        for (int i = 0; i < message.getTrustDomainsCount(); i++) {
            out.add(at.trustDomain("trust_domains[" + i + "]", message.getTrustDomains(i)));
        }
        return out;
    }
}
