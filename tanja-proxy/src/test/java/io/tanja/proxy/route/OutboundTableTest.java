package io.tanja.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.OutboundPolicy;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Service;
import io.tanja.model.mesh.ServicePort;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.config.Lookup;
import io.tanja.proxy.route.OutboundPlan.Endpoint;
import io.tanja.proxy.route.OutboundPlan.Go;
import io.tanja.proxy.route.OutboundPlan.Refuse;
import io.tanja.proxy.upstream.Upstream;
import io.tanja.proxy.upstream.UpstreamSecurity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboundTableTest {
    private static final InboundModes PERMISSIVE = InboundModes.PERMISSIVE;
    private static final SpiffeId ONE = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/one");
    private static final SpiffeId OTHER = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/other");
    private static final InetSocketAddress VIP = at("10.96.0.1", 80);

    @Test
    void meshedEndpointsGetMutualTlsWithAllIdentitiesOfTheService() {
        Go go = go(List.of(
                workload("a", ONE, true, PERMISSIVE, "10.0.0.1"), workload("b", OTHER, false, PERMISSIVE, "10.0.0.2")));

        assertThat(go.endpoints()).hasSize(1);
        Endpoint endpoint = go.endpoints().getFirst();
        assertThat(endpoint.http().address()).isEqualTo(at("10.0.0.1", 8080));
        assertThat(endpoint.http().cluster()).isEqualTo("outbound|80||web.test.svc.cluster.local");
        assertThat(endpoint.http().security())
                .isEqualTo(new UpstreamSecurity.MeshTls(
                        Set.of(ONE, OTHER),
                        "outbound_.80_._.web.test.svc.cluster.local",
                        List.of("istio-http/1.1", "istio", "http/1.1")));
        assertThat(endpoint.tcp().security())
                .isEqualTo(new UpstreamSecurity.MeshTls(
                        Set.of(ONE, OTHER), "outbound_.80_._.web.test.svc.cluster.local", List.of("istio")));
    }

    @Test
    void everyPlaintextHasItsReason() {
        InboundModes disabled = new InboundModes(TlsMode.STRICT, Map.of(8080, TlsMode.DISABLE));
        Go go = go(List.of(workload("a", ONE, true, null, "10.0.0.1"), workload("b", ONE, true, disabled, "10.0.0.2")));

        assertThat(go.endpoints())
                .extracting(endpoint -> endpoint.tcp().security())
                .containsExactly(
                        new UpstreamSecurity.Plain(PlaintextReason.DESTINATION_OUTSIDE_MESH),
                        new UpstreamSecurity.Plain(PlaintextReason.DESTINATION_MODE_DISABLE));
    }

    @Test
    void theModeOfTheTargetPortCountsNotThatOfTheServicePort() {
        InboundModes otherPort = new InboundModes(TlsMode.PERMISSIVE, Map.of(80, TlsMode.DISABLE));
        Go go = go(List.of(workload("a", ONE, true, otherPort, "10.0.0.1")));
        assertThat(go.endpoints().getFirst().tcp().security()).isInstanceOf(UpstreamSecurity.MeshTls.class);
    }

    @Test
    void whatCannotBeLookedUpIsNeverPlaintext() {
        for (OutboundPolicy policy : OutboundPolicy.values()) {
            assertThat(OutboundTable.plan(new Lookup.Unavailable("no connection"), VIP, policy))
                    .isInstanceOfSatisfying(Refuse.class, refuse -> {
                        assertThat(refuse.refusal()).isEqualTo(Refusal.DESTINATION_UNKNOWN);
                        assertThat(refuse.detail()).contains("10.96.0.1:80", "no connection");
                    });
        }
    }

    @Test
    void strangersPassOrNotByPolicy() {
        assertThat(OutboundTable.plan(new Lookup.NotInMesh(), VIP, OutboundPolicy.ALLOW_ANY))
                .isInstanceOfSatisfying(Go.class, go -> {
                    assertThat(go.endpoints().getFirst().tcp().address()).isEqualTo(VIP);
                    assertThat(go.endpoints().getFirst().tcp().security())
                            .isEqualTo(new UpstreamSecurity.Plain(PlaintextReason.DESTINATION_OUTSIDE_MESH));
                });
        assertThat(OutboundTable.plan(new Lookup.NotInMesh(), VIP, OutboundPolicy.REGISTRY_ONLY))
                .isInstanceOfSatisfying(
                        Refuse.class,
                        refuse -> assertThat(refuse.refusal()).isEqualTo(Refusal.DESTINATION_NOT_IN_REGISTRY));
    }

    @Test
    void aServiceWithoutReadyEndpointOrWithoutThePortIsRefused() {
        List<Workload> notReady = List.of(workload("a", ONE, false, PERMISSIVE, "10.0.0.1"));
        assertThat(refusal(plan(notReady, VIP))).isEqualTo(Refusal.NO_READY_ENDPOINT);
        assertThat(refusal(plan(List.of(), VIP))).isEqualTo(Refusal.NO_READY_ENDPOINT);
        List<Workload> ready = List.of(workload("a", ONE, true, PERMISSIVE, "10.0.0.1"));
        assertThat(refusal(plan(ready, at("10.96.0.1", 81)))).isEqualTo(Refusal.NO_READY_ENDPOINT);
    }

    @Test
    void aPodCalledByItsAddressIsExpectedToBeItself() {
        Workload pod = workload("a", ONE, true, PERMISSIVE, "10.0.0.1");
        InetSocketAddress address = at("10.0.0.1", 8080);
        assertThat(OutboundTable.plan(new Lookup.WorkloadHit(pod), address, OutboundPolicy.REGISTRY_ONLY))
                .isInstanceOfSatisfying(Go.class, go -> {
                    assertThat(go.protocol()).isEqualTo(AppProtocol.AUTO);
                    assertThat(go.endpoints().getFirst().tcp().address()).isEqualTo(address);
                    assertThat(go.endpoints().getFirst().tcp().security())
                            .isEqualTo(new UpstreamSecurity.MeshTls(
                                    Set.of(ONE), "outbound_.8080_._.web.test.svc.cluster.local", List.of("istio")));
                });
    }

    @Test
    void anEndpointIsCalledInTheFamilyOfTheCaller() {
        Workload both = workload("a", ONE, true, PERMISSIVE, "10.0.0.1", "fd00::1");
        assertThat(go(List.of(both)).endpoints().getFirst().tcp().address()).isEqualTo(at("10.0.0.1", 8080));
        assertThat(plan(List.of(both), at("fd00::a", 80)))
                .isInstanceOfSatisfying(
                        Go.class,
                        go -> assertThat(go.endpoints().getFirst().tcp().address())
                                .isEqualTo(at("fd00::1", 8080)));
    }

    @Test
    void endpointsTakeTurnsAndFailedOnesAreLeftOut() {
        Go go = go(List.of(
                workload("a", ONE, true, PERMISSIVE, "10.0.0.1"),
                workload("b", ONE, true, PERMISSIVE, "10.0.0.2"),
                workload("c", ONE, true, PERMISSIVE, "10.0.0.3")));
        RoundRobin turns = new RoundRobin(new Random(1));
        Map<Endpoint, Integer> counts = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            counts.merge(turns.choose(go.endpoints(), Set.of()), 1, Integer::sum);
        }
        assertThat(counts.values()).containsExactly(100, 100, 100);

        Set<Endpoint> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seen.add(turns.choose(go.endpoints(), Set.of(go.endpoints().get(1).tcp())));
        }
        assertThat(seen)
                .containsExactlyInAnyOrder(go.endpoints().get(0), go.endpoints().get(2));

        Set<Endpoint> all = new HashSet<>(go.endpoints());
        List<Upstream> tried = all.stream().map(Endpoint::http).toList();
        assertThat(all).contains(turns.choose(go.endpoints(), tried));
    }

    private static Refusal refusal(OutboundPlan plan) {
        assertThat(plan).isInstanceOf(Refuse.class);
        return ((Refuse) plan).refusal();
    }

    private static Go go(List<Workload> workloads) {
        OutboundPlan plan = plan(workloads, VIP);
        assertThat(plan).isInstanceOf(Go.class);
        return (Go) plan;
    }

    private static OutboundPlan plan(List<Workload> workloads, InetSocketAddress destination) {
        Service service = new Service(
                new NamespacedName("test", "web"),
                "web.test.svc.cluster.local",
                List.of(VIP.getAddress()),
                List.of(new ServicePort(80, "http", AppProtocol.HTTP)));
        return OutboundTable.plan(new Lookup.ServiceHit(service, workloads), destination, OutboundPolicy.ALLOW_ANY);
    }

    private static Workload workload(
            String name, SpiffeId id, boolean ready, @Nullable InboundModes inbound, String... addresses) {
        return new Workload(
                "Kubernetes//Pod/test/" + name,
                new NamespacedName("test", name),
                id,
                List.of(addresses).stream().map(InetAddress::ofLiteral).toList(),
                WorkloadLabels.UNKNOWN,
                ready,
                inbound,
                Map.of("test/web.test.svc.cluster.local", List.of(new PortMapping(80, 8080))));
    }

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
