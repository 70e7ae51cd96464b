package io.tanja.xds.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.tanja.model.identity.TrustDomain;
import io.tanja.xds.proto.istio.workload.Address;
import io.tanja.xds.proto.istio.workload.Extension;
import io.tanja.xds.proto.istio.workload.NetworkAddress;
import io.tanja.xds.proto.istio.workload.Port;
import io.tanja.xds.proto.istio.workload.PortList;
import io.tanja.xds.proto.istio.workload.Service;
import io.tanja.xds.proto.istio.workload.Workload;
import io.tanja.xds.proto.tanja.v1.AuthorizationAction;
import io.tanja.xds.proto.tanja.v1.AuthorizationPolicy;
import io.tanja.xds.proto.tanja.v1.AuthorizationRule;
import io.tanja.xds.proto.tanja.v1.AuthorizationSource;
import io.tanja.xds.proto.tanja.v1.OutboundPolicy;
import io.tanja.xds.proto.tanja.v1.ProxyConfig;
import io.tanja.xds.proto.tanja.v1.TlsMode;
import io.tanja.xds.proto.tanja.v1.WorkloadTls;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each thing that may be wrong with a resource is refused under the name of its field. */
class StrictDecodingTest {
    private static final String UID = "c//Pod/ns/pod";
    private static final String HOST = "ns/web.ns.svc";

    private static Workload.Builder workload() {
        return Workload.newBuilder()
                .setUid(UID)
                .setName("pod")
                .setNamespace("ns")
                .addAddresses(ByteString.copyFrom(new byte[] {10, 0, 0, 1}));
    }

    private static Service.Builder service() {
        return Service.newBuilder().setName("web").setNamespace("ns").setHostname("web.ns.svc");
    }

    private static ProxyConfig.Builder config() {
        return ProxyConfig.newBuilder()
                .setWorkload(workload())
                .setModes(WorkloadTls.newBuilder().setMode(TlsMode.TLS_MODE_STRICT))
                .addTrustDomains("cluster.local")
                .setOutbound(OutboundPolicy.OUTBOUND_POLICY_ALLOW_ANY);
    }

    private static Extension extension(String name, ByteString value) {
        return Extension.newBuilder()
                .setName(name)
                .setConfig(Any.newBuilder()
                        .setTypeUrl("type.googleapis.com/" + name)
                        .setValue(value))
                .build();
    }

    static List<Arguments> badWorkloads() {
        PortList noTarget = PortList.newBuilder()
                .addPorts(Port.newBuilder().setServicePort(80))
                .build();
        PortList twice = PortList.newBuilder()
                .addPorts(Port.newBuilder().setServicePort(80).setTargetPort(1))
                .addPorts(Port.newBuilder().setServicePort(80).setTargetPort(2))
                .build();
        ByteString noMode = WorkloadTls.getDefaultInstance().toByteString();
        ByteString badPort = WorkloadTls.newBuilder()
                .setMode(TlsMode.TLS_MODE_STRICT)
                .putPorts(70000, TlsMode.TLS_MODE_STRICT)
                .build()
                .toByteString();
        return List.of(
                Arguments.of(workload().clearUid(), "workload.uid"),
                Arguments.of(workload().clearName(), "workload.name"),
                Arguments.of(workload().clearNamespace(), "workload.namespace"),
                Arguments.of(workload().setUid("other"), "name"),
                Arguments.of(workload().setNamespace("Not A Name"), "workload.service_account"),
                Arguments.of(workload().setTrustDomain("NOT.one"), "workload.trust_domain"),
                Arguments.of(workload().addAddresses(ByteString.copyFrom(new byte[5])), "workload.addresses[1]"),
                Arguments.of(workload().addAddresses(ByteString.EMPTY), "workload.addresses[1]"),
                Arguments.of(workload().setStatusValue(9), "workload.status"),
                Arguments.of(workload().putServices("nohost", PortList.getDefaultInstance()), "services[nohost]"),
                Arguments.of(workload().putServices("/host", PortList.getDefaultInstance()), "services[/host]"),
                Arguments.of(workload().putServices("a/b", noTarget), "services[a/b].ports[0].target_port"),
                Arguments.of(workload().putServices("a/b", twice), "services[a/b].ports[1].service_port"),
                Arguments.of(workload().addExtensions(extension("tanja.v1.WorkloadTls", noMode)), "].mode"),
                Arguments.of(workload().addExtensions(extension("tanja.v1.WorkloadTls", badPort)), "].ports[70000]"),
                Arguments.of(
                        workload()
                                .addExtensions(
                                        extension("tanja.v1.WorkloadTls", ByteString.copyFromUtf8("\u007f\u007f"))),
                        "extensions[tanja.v1.WorkloadTls].config"),
                Arguments.of(
                        workload()
                                .addExtensions(extension("tanja.v1.WorkloadLabels", ByteString.EMPTY))
                                .addExtensions(extension("tanja.v1.WorkloadLabels", ByteString.EMPTY)),
                        "extensions[tanja.v1.WorkloadLabels]"));
    }

    @ParameterizedTest
    @MethodSource("badWorkloads")
    void refusesWorkloads(Workload.Builder workload, String field) {
        Address address = Address.newBuilder().setWorkload(workload).build();
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> AddressCodec.decode(UID, address))
                .satisfies(e -> assertThat(e.field()).endsWith(field))
                .satisfies(e -> assertThat(e.resource()).isEqualTo(UID));
    }

    static List<Arguments> badServices() {
        return List.of(
                Arguments.of(service().clearHostname(), "hostname"),
                Arguments.of(service().clearName(), "service.name"),
                Arguments.of(
                        service().addAddresses(NetworkAddress.newBuilder().setAddress(ByteString.EMPTY)),
                        "addresses[0].address"),
                Arguments.of(service().addPorts(Port.newBuilder()), "ports[0].service_port"),
                Arguments.of(
                        service().addPorts(Port.newBuilder().setServicePort(1).setAppProtocolValue(77)),
                        "ports[0].app_protocol"),
                Arguments.of(service().addPorts(Port.newBuilder().setServicePort(-1)), "ports[0].service_port"));
    }

    @ParameterizedTest
    @MethodSource("badServices")
    void refusesServices(Service.Builder service, String field) {
        Address address = Address.newBuilder().setService(service).build();
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> AddressCodec.decode(HOST, address))
                .satisfies(e -> assertThat(e.field()).endsWith(field));
    }

    static List<Arguments> badConfigs() {
        AuthorizationPolicy.Builder policy =
                AuthorizationPolicy.newBuilder().setNamespace("a").setName("p");
        AuthorizationPolicy allow =
                policy.setAction(AuthorizationAction.AUTHORIZATION_ACTION_ALLOW).build();
        return List.of(
                Arguments.of(config().clearWorkload(), "workload"),
                Arguments.of(config().clearModes(), "modes"),
                Arguments.of(config().clearTrustDomains(), "trust_domains"),
                Arguments.of(config().addTrustDomains(""), "trust_domains[1]"),
                Arguments.of(config().clearOutbound(), "outbound"),
                Arguments.of(config().setOutboundValue(9), "outbound"),
                Arguments.of(config().setWorkload(workload().setUid("x")), "workload.uid"),
                Arguments.of(config().addPolicies(policy.clone().clearAction()), "policies[0].action"),
                Arguments.of(config().addPolicies(policy.clone().setActionValue(12)), "policies[0].action"),
                Arguments.of(config().addPolicies(allow).addPolicies(allow), "policies[1].name"));
    }

    @ParameterizedTest
    @MethodSource("badConfigs")
    void refusesConfigs(ProxyConfig.Builder config, String field) {
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> ProxyConfigCodec.decode(UID, config.build()))
                .satisfies(e -> assertThat(e.field()).endsWith(field));
    }

    @Test
    void refusesPolicyWithRestrictionOfALaterVersion() throws Exception {
        // Field 15 of a source: read without it, the rule would allow everybody.
        AuthorizationSource later = AuthorizationSource.parseFrom(new byte[] {15 << 3 | 2, 1, 'x'});
        ProxyConfig config = config().addPolicies(AuthorizationPolicy.newBuilder()
                        .setNamespace("a")
                        .setName("p")
                        .setAction(AuthorizationAction.AUTHORIZATION_ACTION_ALLOW)
                        .addRules(AuthorizationRule.newBuilder().addFrom(later)))
                .build();
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> ProxyConfigCodec.decode(UID, ProxyConfig.parseFrom(config.toByteArray())))
                .satisfies(e -> assertThat(e.field()).isEqualTo("policies[0].rules"));
    }

    @Test
    void readsAnIstioWorkloadWithoutOurExtensionsAsOutsideTheMesh() throws DecodeException {
        AddressResource decoded = AddressCodec.decode(
                UID, Address.newBuilder().setWorkload(workload()).build());
        assertThat(decoded).isInstanceOfSatisfying(AddressResource.OfWorkload.class, found -> {
            assertThat(found.workload().meshed()).isFalse();
            assertThat(found.workload().identity().trustDomain()).isEqualTo(TrustDomain.CLUSTER_LOCAL);
            assertThat(found.workload().identity().serviceAccount()).isEqualTo("default");
            assertThat(found.workload().labels().app()).isEqualTo("unknown");
        });
    }

    @Test
    void escapesWhatAPeerWrote() {
        assertThat(new DecodeException("a\nb", "f", "\u001b[31m")).hasMessageNotContainingAny("\n", "\u001b");
    }

    @Test
    void refusesAnAddressOfNothing() {
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> AddressCodec.decode(UID, Address.getDefaultInstance()))
                .satisfies(e -> assertThat(e.field()).isEqualTo("type"));
    }
}
