package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.proxy.upstream.Upstream;
import io.tanja.proxy.upstream.UpstreamSecurity;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The header fields of the four situations (compatibility reference, sections 1.3 and 1.7). */
class HeaderRulesTest {
    private static final SpiffeId WEB = new SpiffeId(TrustDomain.CLUSTER_LOCAL, "test", "web");
    private static final SpiffeId CLIENT = new SpiffeId(TrustDomain.CLUSTER_LOCAL, "test", "client");
    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final PeerInfo PEER = new PeerInfo(WEB, CLIENT, HASH, "");
    private static final String ELEMENT = "By=spiffe://cluster.local/ns/test/sa/web;Hash=" + HASH
            + ";Subject=\"\";URI=spiffe://cluster.local/ns/test/sa/client";

    /** What a caller could send in the hope of being believed. */
    private static final String LIES =
            "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: URI=spiffe://cluster.local/ns/x/sa/y\r\n"
                    + "x-envoy-internal: true\r\nx-envoy-attempt-count: 9\r\nx-envoy-decorator-operation: lie\r\n"
                    + "x-envoy-original-path: /other\r\nx-envoy-external-address: 1.1.1.1\r\nx-envoy-peer-metadata: AA\r\n"
                    + "x-envoy-peer-metadata-id: id\r\nX-Envoy-Upstream-Service-Time: 1\r\nX-Forwarded-For: 9.9.9.9\r\n"
                    + "X-Forwarded-Proto: https\r\nX-Request-Id: mine\r\nX-App: kept\r\n\r\n";

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nServer: nginx\r\nX-Envoy-Upstream-Service-Time: 77\r\n"
            + "x-envoy-decorator-operation: lie\r\nx-envoy-peer-metadata: BB\r\nx-envoy-peer-metadata-id: id\r\n"
            + "Date: now\r\nX-App: kept\r\nContent-Length: 0\r\n\r\n";

    private record Sides(String request, String response) {
        String asked(String name) {
            return String.valueOf(Wire.field(request, name));
        }

        String answered(String name) {
            return String.valueOf(Wire.field(response, name));
        }
    }

    private static Sides run(HeaderRules rules, HttpRoute route, String request) {
        try (EmbeddedProxy proxy = new EmbeddedProxy(route, rules, Http1Settings.defaults())) {
            proxy.fromClient(request);
            proxy.nanos += 12_345_678;
            proxy.fromUpstream(ANSWER);
            return new Sides(proxy.toUpstream(), proxy.toClient());
        }
    }

    private static Sides run(HeaderRules rules, String request) {
        return run(rules, ProxyFixture.to(EmbeddedProxy.ADDRESS), request);
    }

    @Test
    void inboundFromMeshTellsTheCallersIdentity() {
        Sides sides = run(HeaderRules.inboundFromMesh(PEER, "web.test:80/*"), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(sides.asked("x-forwarded-client-cert")).isEqualTo(ELEMENT);
        assertThat(sides.asked("x-forwarded-proto")).isEqualTo("https");
        assertThat(sides.asked("x-request-id")).hasSize(36);
        assertThat(sides.asked("x-envoy-attempt-count")).isEqualTo("null");
        assertThat(sides.asked("x-forwarded-for")).isEqualTo("null");
        assertThat(sides.answered("server")).isEqualTo("istio-envoy");
        assertThat(sides.answered("x-envoy-upstream-service-time")).isEqualTo("12");
        assertThat(sides.answered("x-envoy-decorator-operation")).isEqualTo("web.test:80/*");
    }

    @Test
    void inboundFromMeshBelievesTheCallersProxy() {
        Sides sides = run(HeaderRules.inboundFromMesh(PEER, "web.test:80/*"), LIES);

        assertThat(sides.asked("x-forwarded-client-cert")).isEqualTo("URI=spiffe://cluster.local/ns/x/sa/y," + ELEMENT);
        assertThat(sides.asked("x-envoy-attempt-count")).isEqualTo("9");
        assertThat(sides.asked("x-envoy-original-path")).isEqualTo("/other");
        assertThat(sides.asked("x-request-id")).isEqualTo("mine");
        assertThat(sides.asked("x-envoy-internal")).isEqualTo("null");
        assertThat(sides.asked("x-envoy-decorator-operation")).isEqualTo("null");
        assertThat(sides.asked("x-envoy-peer-metadata")).isEqualTo("null");
        assertThat(sides.answered("x-envoy-decorator-operation")).isEqualTo("null");
    }

    @Test
    void appendsToSeveralElementsInTheirOrder() {
        Sides sides = run(
                HeaderRules.inboundFromMesh(PEER, null),
                "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: URI=a\r\nX-B: c\r\n"
                        + "x-forwarded-client-cert:\r\nx-forwarded-client-cert: URI=b\r\n\r\n");

        assertThat(sides.asked("x-forwarded-client-cert")).isEqualTo("URI=a,URI=b," + ELEMENT);
    }

    @Test
    void cannotBeToldToForgetTheIdentity() {
        Sides sides = run(
                HeaderRules.inboundFromMesh(PEER, null),
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Forwarded-Client-Cert, x-request-id\r\n"
                        + "X-Forwarded-Client-Cert: URI=a\r\n\r\n");

        assertThat(sides.asked("x-forwarded-client-cert")).isEqualTo(ELEMENT);
    }

    @Test
    void inboundPlaintextBelievesNothing() {
        Sides sides = run(HeaderRules.inboundPlaintext("web.test:80/*"), LIES);

        assertThat(sides.request())
                .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n"
                        + "X-Request-Id: mine\r\nX-App: kept\r\n\r\n");
        assertThat(sides.response())
                .isEqualTo("HTTP/1.1 200 OK\r\nDate: now\r\nX-App: kept\r\nContent-Length: 0\r\n"
                        + "x-envoy-upstream-service-time: 12\r\nserver: istio-envoy\r\n"
                        + "x-envoy-decorator-operation: web.test:80/*\r\n\r\n");
    }

    @Test
    void outboundToPlaintextTellsNoNames() {
        Sides sides = run(HeaderRules.outbound(), LIES);

        assertThat(sides.asked("x-forwarded-client-cert")).isEqualTo("null");
        assertThat(sides.asked("x-envoy-attempt-count")).isEqualTo("1");
        assertThat(sides.asked("x-envoy-decorator-operation")).isEqualTo("null");
        assertThat(sides.asked("x-envoy-peer-metadata")).isEqualTo("null");
        assertThat(sides.asked("x-envoy-internal")).isEqualTo("null");
        assertThat(sides.asked("x-forwarded-proto")).isEqualTo("https");
        assertThat(sides.response())
                .isEqualTo("HTTP/1.1 200 OK\r\nDate: now\r\nX-App: kept\r\nContent-Length: 0\r\n"
                        + "x-envoy-upstream-service-time: 12\r\nserver: envoy\r\n\r\n");
    }

    @Test
    void outboundToTheMeshTellsTheOperation() {
        UpstreamSecurity mesh = new UpstreamSecurity.MeshTls(Set.of(WEB), "sni", List.of("istio"));
        Upstream upstream =
                new Upstream(EmbeddedProxy.ADDRESS, null, mesh, null, "outbound|80||web.test.svc.cluster.local");
        Sides sides = run(
                HeaderRules.outbound(),
                (head, record, tried) -> new Admission.Forward(upstream),
                "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(sides.asked("x-envoy-decorator-operation")).isEqualTo("web.test.svc.cluster.local:80/*");
        assertThat(sides.asked("x-forwarded-proto")).isEqualTo("http");
        assertThat(sides.answered("server")).isEqualTo("envoy");
    }

    @Test
    void addsADateWhereThereIsNone() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            assertThat(Wire.field(proxy.toClient(), "date")).isEqualTo("Mon, 23 Nov 2026 07:08:09 GMT");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "outbound|80||web.test.svc.cluster.local web.test.svc.cluster.local:80/*",
                "outbound|8080|v1|web.test.svc.cluster.local web.test.svc.cluster.local:8080/*",
                "inbound|80|| -",
                "PassthroughCluster -",
                "a|b -"
            })
    void readsTheOperationFromTheClusterName(String cluster, String operation) {
        byte[] read = HeaderRules.operationOf(cluster);

        assertThat(read == null ? "-" : Octets.text(read, 0, read.length)).isEqualTo(operation);
    }

    @Test
    void quotesTheSubject() {
        assertThat(new PeerInfo(WEB, CLIENT, HASH, "CN=a\"b\\c").element()).contains(";Subject=\"CN=a\\\"b\\\\c\";");
        assertThatThrownBy(() -> new PeerInfo(WEB, CLIENT, HASH, "CN=a\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PeerInfo(WEB, CLIENT, "AB", "")).isInstanceOf(IllegalArgumentException.class);
    }
}
