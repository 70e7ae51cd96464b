package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.security.Refusal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A connection that is to end, in whatever it is busy with. */
class RetirementTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";

    @Test
    void theNextAnswerIsTheLast() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream(OK);
            proxy.retire();
            assertThat(proxy.client.isActive()).isTrue();
            proxy.fromClient(GET);
            proxy.fromUpstream(OK);
            assertThat(proxy.toClient().split("connection: close", -1)).hasSize(2);
            assertThat(proxy.toClient()).endsWith("abc");
            assertThat(proxy.ended)
                    .hasSize(2)
                    .allSatisfy(record -> assertThat(record.refusal).isNull());
        }
    }

    @Test
    void anAnswerUnderWayIsCutOffAtTheEnd() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc");
            proxy.retire();
            proxy.fromUpstream("def");
            assertThat(proxy.toClient()).endsWith("abcdef");
            proxy.end();
            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.upstream().isActive()).isFalse();
            assertThat(proxy.record().refusal).isEqualTo(Refusal.POLICY_DENIED);
            assertThat(proxy.record().bytesSent).isEqualTo(6);
        }
    }

    @Test
    void aRequestWithoutAnAnswerIsAnsweredAtTheEnd() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            proxy.retire();
            proxy.end();
            assertThat(proxy.toClient()).startsWith("HTTP/1.1 403 ").contains("connection: close");
            assertThat(proxy.upstream().isActive()).isFalse();
            proxy.fromClient("defghij" + GET);
            assertThat(proxy.record().status).isEqualTo(403);
        }
    }

    @Test
    void aRequestThatHasJustBegunIsAnsweredAtTheEnd() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HT");
            proxy.retire();
            proxy.end();
            assertThat(proxy.toClient()).startsWith("HTTP/1.1 403 ").contains("connection: close");
            assertThat(proxy.upstreams).isEmpty();
        }
    }

    @Test
    void anIdleConnectionIsClosedAtTheEnd() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.retire();
            proxy.end();
            proxy.pass(Duration.ofSeconds(1));
            assertThat(proxy.toClient()).isEmpty();
            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.ended).isEmpty();
        }
    }

    @Test
    void aTunnelIsCutOffAtOnce() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            proxy.fromUpstream("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            proxy.retire();
            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.upstream().isActive()).isFalse();
            assertThat(proxy.record().refusal).isEqualTo(Refusal.POLICY_DENIED);
            proxy.end();
        }
    }
}
