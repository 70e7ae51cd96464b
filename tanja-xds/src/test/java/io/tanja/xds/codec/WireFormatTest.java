package io.tanja.xds.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.PortMapping;
import io.tanja.model.mesh.Service;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.tanja.xds.proto.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.tanja.xds.proto.istio.auth.IstioCertificateRequest;
import io.tanja.xds.proto.istio.auth.IstioCertificateResponse;
import io.tanja.xds.proto.istio.workload.Address;
import io.tanja.xds.proto.istio.workload.Workload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages written tag by tag from Istio's and Envoy's field numbers are read as what they mean there. */
class WireFormatTest {
    @FunctionalInterface
    private interface Writer {
        void write(CodedOutputStream out) throws IOException;
    }

    private static ByteString message(Writer writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        writer.write(out);
        out.flush();
        return UnsafeByteOperations.unsafeWrap(bytes.toByteArray());
    }

    @Test
    void workload() throws Exception {
        ByteString port = message(out -> {
            out.writeUInt32(1, 80);
            out.writeUInt32(2, 8080);
        });
        ByteString entry = message(out -> {
            out.writeString(1, "ns/web.ns.svc.cluster.local");
            out.writeBytes(2, message(list -> list.writeBytes(1, port)));
        });
        ByteString workload = message(out -> {
            out.writeString(1, "web-1");
            out.writeString(2, "ns");
            out.writeBytes(3, ByteString.copyFrom(new byte[] {10, 1, 2, 3}));
            out.writeString(6, "example.org");
            out.writeString(7, "web");
            out.writeString(9, "node-1");
            out.writeString(10, "web");
            out.writeString(11, "v1");
            out.writeString(13, "web");
            out.writeEnum(17, 1);
            out.writeString(18, "Kubernetes");
            out.writeString(20, "Kubernetes//Pod/ns/web-1");
            out.writeBytes(22, entry);
            out.writeUInt32(99, 7); // a field of tomorrow
        });
        AddressResource decoded =
                ResourceType.ADDRESS.decode("Kubernetes//Pod/ns/web-1", message(out -> out.writeBytes(1, workload)));
        assertThat(decoded).isInstanceOfSatisfying(AddressResource.OfWorkload.class, found -> {
            assertThat(found.workload().identity().uri()).isEqualTo("spiffe://example.org/ns/ns/sa/web");
            assertThat(found.workload().ready()).isFalse();
            assertThat(found.workload().meshed()).isFalse();
            assertThat(found.workload().addresses()).containsExactly(InetAddress.ofLiteral("10.1.2.3"));
            assertThat(found.workload().labels().cluster()).isEqualTo("Kubernetes");
            assertThat(found.workload().services()).containsOnlyKeys("ns/web.ns.svc.cluster.local");
            assertThat(found.workload().services())
                    .containsEntry("ns/web.ns.svc.cluster.local", List.of(new PortMapping(80, 8080)));
        });
    }

    @Test
    void service() throws Exception {
        ByteString service = message(out -> {
            out.writeString(1, "web");
            out.writeString(2, "ns");
            out.writeString(3, "web.ns.svc");
            out.writeBytes(4, message(a -> {
                a.writeString(1, "net");
                a.writeBytes(2, ByteString.copyFrom(new byte[16]));
            }));
            out.writeBytes(5, message(p -> {
                p.writeUInt32(1, 443);
                p.writeEnum(3, 5);
            }));
        });
        AddressResource decoded =
                ResourceType.ADDRESS.decode("ns/web.ns.svc", message(out -> out.writeBytes(2, service)));
        assertThat(decoded).isInstanceOfSatisfying(AddressResource.OfService.class, found -> {
            Service read = found.service();
            assertThat(read.addresses()).containsExactly(InetAddress.ofLiteral("::"));
            assertThat(read.ports().getFirst().protocol()).isEqualTo(AppProtocol.TLS);
        });
    }

    @Test
    void neverSendsTheTunnelProtocolThatZtunnelRefuses() throws Exception {
        for (int i = 0; i < 50; i++) {
            Address sent = AddressCodec.encode(new io.tanja.xds.fake.RandomMesh(i).workload(), List.of("ns/p"));
            assertThat(sent.getWorkload().getTunnelProtocolValue()).isZero();
            assertThat(sent.getWorkload().getAuthorizationPoliciesList()).containsExactly("ns/p");
            assertThat(Workload.parseFrom(sent.getWorkload().toByteArray())).isEqualTo(sent.getWorkload());
        }
    }

    @Test
    void discovery() throws Exception {
        DeltaDiscoveryRequest request = DeltaDiscoveryRequest.parseFrom(message(out -> {
            out.writeBytes(1, message(node -> node.writeString(1, "sidecar~id")));
            out.writeString(2, "type");
            out.writeString(3, "sub");
            out.writeString(4, "unsub");
            out.writeBytes(5, message(entry -> {
                entry.writeString(1, "name");
                entry.writeString(2, "v1");
            }));
            out.writeString(6, "nonce");
            out.writeBytes(7, message(status -> {
                status.writeInt32(1, 3);
                status.writeString(2, "why");
            }));
        }));
        assertThat(request.getNode().getId()).isEqualTo("sidecar~id");
        assertThat(request.getTypeUrl()).isEqualTo("type");
        assertThat(request.getResourceNamesSubscribeList()).containsExactly("sub");
        assertThat(request.getResourceNamesUnsubscribeList()).containsExactly("unsub");
        assertThat(request.getInitialResourceVersionsMap()).containsEntry("name", "v1");
        assertThat(request.getResponseNonce()).isEqualTo("nonce");
        assertThat(request.getErrorDetail().getMessage()).isEqualTo("why");
        DeltaDiscoveryResponse response = DeltaDiscoveryResponse.parseFrom(message(out -> {
            out.writeBytes(2, message(resource -> {
                resource.writeString(1, "v2");
                resource.writeString(3, "name");
                resource.writeString(4, "alias");
            }));
            out.writeString(4, "type");
            out.writeString(5, "nonce");
            out.writeString(6, "gone");
        }));
        assertThat(response.getResources(0).getVersion()).isEqualTo("v2");
        assertThat(response.getResources(0).getName()).isEqualTo("name");
        assertThat(response.getResources(0).getAliasesList()).containsExactly("alias");
        assertThat(response.getTypeUrl()).isEqualTo("type");
        assertThat(response.getNonce()).isEqualTo("nonce");
        assertThat(response.getRemovedResourcesList()).containsExactly("gone");
    }

    @Test
    void certificates() throws Exception {
        IstioCertificateRequest request = IstioCertificateRequest.parseFrom(message(out -> {
            out.writeString(1, "csr");
            out.writeInt64(3, 86400);
        }));
        assertThat(request.getCsr()).isEqualTo("csr");
        assertThat(request.getValidityDuration()).isEqualTo(86400);
        assertThat(IstioCertificateResponse.parseFrom(message(out -> out.writeString(1, "leaf")))
                        .getCertChainList())
                .containsExactly("leaf");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1, n/10.0.0.1",
        "2001:db8::1, n/2001:db8::1",
        "::, n/::",
        "::1, n/::1",
        "1::, n/1::",
        "fe80:0:0:1:0:0:0:1, n/fe80:0:0:1::1",
        "1:0:2:0:3:0:4:0, n/1:0:2:0:3:0:4:0",
        "2001:db8:0:0:1:0:0:1, n/2001:db8::1:0:0:1"
    })
    void addressesAreAskedForInTheirShortestForm(String literal, String name) {
        assertThat(ResourceNames.address("n", InetAddress.ofLiteral(literal))).isEqualTo(name);
    }
}
