package io.tanja.xds.fake;

import io.tanja.model.authz.AuthorizationPolicy;
import io.tanja.model.authz.Condition;
import io.tanja.model.authz.Operation;
import io.tanja.model.authz.Rule;
import io.tanja.model.authz.Source;
import io.tanja.model.authz.Values;
import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.InboundPort;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.ProxyConfig;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.ServicePort;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import io.tanja.xds.codec.ResourceNames;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Valid records of the mesh, at random. */
public final class RandomMesh {
    private final Random random;

    /** The same records for the same seed. */
    public RandomMesh(long seed) {
        random = new Random(seed);
    }

    /** A service. */
    public Service service() {
        NamespacedName name = new NamespacedName(word(), word());
        List<ServicePort> ports = new ArrayList<>();
        for (int port : ports()) {
            ports.add(new ServicePort(port, random.nextBoolean() ? "" : word(), any(AppProtocol.values())));
        }
        return new Service(
                name, name.name() + "." + name.namespace() + ".svc.cluster.local", some(3, this::address), ports);
    }

    /** A workload. */
    public Workload workload() {
        NamespacedName name = new NamespacedName(word(), word());
        Map<String, List<PortMapping>> services = new HashMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            List<PortMapping> ports = new ArrayList<>();
            for (int port : ports()) {
                ports.add(new PortMapping(port, port()));
            }
            services.put(word() + "/" + word() + ".svc", ports);
        }
        return new Workload(
                ResourceNames.pod("c1", name),
                name,
                new SpiffeId(new TrustDomain(word() + ".local"), name.namespace(), word()),
                some(3, this::address),
                new WorkloadLabels(word(), word(), word(), word(), word(), word()),
                random.nextBoolean(),
                random.nextBoolean() ? modes() : null,
                services);
    }

    /** A sidecar's configuration. */
    public ProxyConfig proxyConfig() {
        Map<Integer, InboundPort> ports = new HashMap<>();
        Map<Integer, String> sources = new HashMap<>(Map.of(0, "a/default"));
        for (int port : ports()) {
            ports.put(port, new InboundPort(port, any(AppProtocol.values()), word() + ".svc", port()));
            sources.put(port, word() + "/" + word());
        }
        List<AuthorizationPolicy> policies = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            policies.add(policy(word(), word() + i));
        }
        return new ProxyConfig(
                workload(),
                modes(),
                sources,
                ports,
                policies,
                List.of(TrustDomain.CLUSTER_LOCAL, new TrustDomain(word())),
                any(OutboundPolicy.values()));
    }

    private AuthorizationPolicy policy(String namespace, String name) {
        return new AuthorizationPolicy(
                new NamespacedName(namespace, name),
                any(AuthorizationPolicy.Action.values()),
                some(3, this::rule),
                random.nextBoolean());
    }

    private Rule rule() {
        return new Rule(
                some(3, () -> new Source(values(), values(), values(), values(), values(), values())),
                some(3, () -> new Operation(values(), values(), values(), values())),
                some(3, () -> new Condition("request.headers[" + word() + "]", values())));
    }

    private Values values() {
        return random.nextBoolean() ? Values.NONE : new Values(some(3, this::text), some(3, this::text));
    }

    private InboundModes modes() {
        Map<Integer, TlsMode> ports = new HashMap<>();
        for (int port : ports()) {
            ports.put(port, any(TlsMode.values()));
        }
        return new InboundModes(any(TlsMode.values()), ports);
    }

    private InetAddress address() {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private Set<Integer> ports() {
        return new TreeSet<>(some(4, this::port));
    }

    private int port() {
        return 1 + random.nextInt(65535);
    }

    private String text() {
        return random.nextInt(4) == 0 ? "é/\u2028*" + word() : word() + "*";
    }

    private String word() {
        StringBuilder out = new StringBuilder("w");
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            out.append((char) ('a' + random.nextInt(26)));
        }
        return out.toString();
    }

    private <T> List<T> some(int below, Supplier<T> maker) {
        List<T> out = new ArrayList<>();
        for (int i = random.nextInt(below); i > 0; i--) {
            out.add(maker.get());
        }
        return out;
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
