package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.security.Refusal;
import org.junit.jupiter.api.Test;

class UpgradeTest {
    private static final String ASK = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
            + "Upgrade: websocket\r\nSec-WebSocket-Key: k\r\n\r\n";
    private static final String SWITCH =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n";

    @Test
    void becomesATunnel() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(ASK);
            assertThat(proxy.toUpstream())
                    .contains("\r\nUpgrade: websocket\r\n", "\r\nconnection: upgrade\r\n", "Sec-WebSocket-Key: k")
                    .doesNotContain("keep-alive");
            proxy.fromUpstream(SWITCH);
            assertThat(proxy.toClient())
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("\r\nUpgrade: websocket\r\n", "\r\nconnection: upgrade\r\n", "Sec-WebSocket-Accept: x");
            proxy.fromClient("GET / HTTP/1.1\r\n\r\n\0any");
            proxy.fromUpstream("HTTP/1.1 200\0any");

            assertThat(proxy.toUpstream()).endsWith("\r\n\r\nGET / HTTP/1.1\r\n\r\n\0any");
            assertThat(proxy.toClient()).endsWith("\r\n\r\nHTTP/1.1 200\0any");
            assertThat(proxy.ended).isEmpty();
            proxy.upstreamCloses();

            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.record().status).isEqualTo(101);
            assertThat(proxy.record().bytesReceived).isEqualTo(22);
            assertThat(proxy.record().bytesSent).isEqualTo(16);
            assertThat(proxy.record().refusal).isNull();
            assertThat(proxy.pool.idleCount()).isZero();
        }
    }

    @Test
    void holdsEarlyBytesUntilTheSwitch() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(ASK + "early");
            assertThat(proxy.toUpstream()).doesNotContain("early");
            proxy.fromUpstream(SWITCH + "hello");

            assertThat(proxy.toUpstream()).endsWith("\r\n\r\nearly");
            assertThat(proxy.toClient()).endsWith("\r\n\r\nhello");
        }
    }

    @Test
    void judgesBytesAfterARefusedUpgradeAsARequest() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(ASK + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            assertThat(proxy.toUpstream()).contains("GET /next HTTP/1.1\r\nHost: a\r\nx-request-id: ");
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            assertThat(proxy.ended).extracting(r -> r.path).containsExactly("/chat", "/next");
        }
    }

    @Test
    void ignoresAnUpgradeToHttp2() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABk\r\n\r\n");
            assertThat(proxy.toUpstream()).doesNotContainIgnoringCase("upgrade").doesNotContainIgnoringCase("http2");
            proxy.fromUpstream("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");

            assertThat(proxy.toClient()).startsWith("HTTP/1.1 502 ");
            assertThat(proxy.record().detail).isEqualTo(Defect.SWITCH_UNASKED.meaning());
        }
    }

    @Test
    void endsEachDirectionAlone() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(ASK);
            proxy.fromUpstream(SWITCH);
            proxy.clientEnds();
            // An embedded channel has no half: ending its output closes it, and with it the tunnel.
            assertThat(proxy.upstream().isActive()).isFalse();
            proxy.client.runPendingTasks();

            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.record().status).isEqualTo(101);
        }
    }

    @Test
    void tellsOfACallerThatBreaksTheTunnel() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(ASK);
            proxy.fromUpstream(SWITCH);
            proxy.client.close().syncUninterruptibly();
            proxy.client.runPendingTasks();

            assertThat(proxy.record().refusal).isEqualTo(Refusal.DOWNSTREAM_CLOSED);
            assertThat(proxy.upstream().isActive()).isFalse();
        }
    }
}
