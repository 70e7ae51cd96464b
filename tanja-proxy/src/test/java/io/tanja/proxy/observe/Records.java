package io.tanja.proxy.observe;

import io.tanja.model.identity.NamespacedName;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.mesh.InboundModes;
import io.tanja.model.mesh.Workload;
import io.tanja.model.mesh.WorkloadLabels;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.TransportSecurity;
import io.tanja.proxy.upstream.Upstream;
import io.tanja.proxy.upstream.UpstreamSecurity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records as the data path would make them, for tests. */
final class Records {
    static final SpiffeId CLIENT = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/client");
    static final SpiffeId WEB = SpiffeId.parse("spiffe://cluster.local/ns/test/sa/webserver");
    static final long START = 1_795_414_262_123L; // 2026-11-23T06:11:02.123Z

    private Records() {}

    static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new AssertionError(text, e);
        }
    }

    static InetSocketAddress socket(String ip, int port) {
        return new InetSocketAddress(ip(ip), port);
    }

    static Workload workload(String app, SpiffeId id, String ip) {
        return new Workload(
                "Kubernetes//Pod/test/" + app + "-1",
                new NamespacedName("test", app + "-1"),
                id,
                List.of(ip(ip)),
                new WorkloadLabels(app, app, "latest", app, "v1", "Kubernetes"),
                true,
                InboundModes.PERMISSIVE,
                Map.of());
    }

    static Workload client() {
        return workload("client", CLIENT, "10.1.0.2");
    }

    static Workload web() {
        return workload("webserver", WEB, "10.1.0.3");
    }

    static TransportSecurity.Mutual mutual(SpiffeId peer, SpiffeId self) {
        return new TransportSecurity.Mutual(peer, self, "TLSv1.3", "TLS_AES_128_GCM_SHA256", "X25519MLKEM768");
    }

    static ConnectionRecord inbound(long id) {
        ConnectionRecord connection =
                new ConnectionRecord(id, Direction.INBOUND, socket("10.1.0.2", 40_000), START, 1_000_000_000L);
        connection.destination = socket("10.1.0.3", 80);
        connection.downstream = mutual(CLIENT, WEB);
        connection.upstream = new TransportSecurity.Plaintext(PlaintextReason.INSIDE_POD);
        connection.upstreamAddress = socket("10.1.0.3", 80);
        connection.upstreamLocal = socket("127.0.0.6", 51_000);
        connection.cluster = "inbound|80||";
        connection.sni = "outbound_.80_._.webserver.test.svc.cluster.local";
        connection.serviceHost = "webserver.test.svc.cluster.local";
        connection.peer = client();
        connection.protocol = "http/1.1";
        return connection;
    }

    static ConnectionRecord plainTcp(long id, Direction direction) {
        ConnectionRecord connection =
                new ConnectionRecord(id, direction, socket("10.1.0.9", 40_001), START, 1_000_000_000L);
        connection.destination = socket("10.1.0.3", 5432);
        connection.downstream = new TransportSecurity.Plaintext(PlaintextReason.CALLER_SENT_PLAINTEXT);
        connection.upstream = new TransportSecurity.Plaintext(PlaintextReason.DESTINATION_OUTSIDE_MESH);
        connection.cluster = direction == Direction.INBOUND ? "inbound|5432||" : "PassthroughCluster";
        connection.protocol = "tcp";
        return connection;
    }

    static RequestRecord request(ConnectionRecord connection) {
        RequestRecord request = new RequestRecord(connection, START, 1_000_000_000L);
        request.method = "GET";
        request.path = "/index.html?q=1";
        request.authority = "webserver:80";
        request.userAgent = "Wget/1.21";
        request.requestId = "6c1ddf43-0d2c-4b7e-8f5c-000000000001";
        request.status = 200;
        request.attempts = 1;
        request.upstreamMillis = 2;
        request.upstream = new Upstream(
                socket("10.1.0.3", 80),
                ip("127.0.0.6"),
                new UpstreamSecurity.Plain(PlaintextReason.INSIDE_POD),
                web(),
                "inbound|80||");
        request.upstreamSecurity = new TransportSecurity.Plaintext(PlaintextReason.INSIDE_POD);
        request.bytesReceived = 0;
        request.bytesSent = 1024;
        request.durationNanos = 3_456_789;
        return request;
    }

    static RequestRecord outboundRequest() {
        ConnectionRecord connection =
                new ConnectionRecord(7, Direction.OUTBOUND, socket("10.1.0.2", 40_002), START, 1_000_000_000L);
        connection.destination = socket("10.96.0.9", 80);
        connection.serviceHost = "webserver.test.svc.cluster.local";
        connection.protocol = "http/1.1";
        RequestRecord request = request(connection);
        request.upstream = new Upstream(
                socket("10.1.0.3", 80),
                null,
                new UpstreamSecurity.MeshTls(Set.of(WEB), "sni", List.of("istio")),
                web(),
                "outbound|80||webserver.test.svc.cluster.local");
        request.upstreamSecurity = mutual(WEB, CLIENT);
        return request;
    }
}
