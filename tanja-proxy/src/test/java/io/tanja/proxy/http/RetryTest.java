package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.observe.RequestRecord;
import io.tanja.proxy.upstream.ConnectException;
import io.tanja.proxy.upstream.Upstream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    private static final List<Upstream> ENDPOINTS = Stream.of("one", "two", "three")
            .map(name -> ProxyFixture.upstream(InetSocketAddress.createUnresolved(name, 80)))
            .toList();
    /** The first endpoint that was not tried, or the first of all. */
    private static final HttpRoute SPREAD = (head, record, tried) -> new Admission.Forward(
            ENDPOINTS.stream().filter(e -> !tried.contains(e)).findFirst().orElse(ENDPOINTS.getFirst()));

    private static EmbeddedProxy spreading() {
        return new EmbeddedProxy(SPREAD, HeaderRules.outbound(), Http1Settings.defaults());
    }

    private static ConnectException refused() {
        return new ConnectException(Refusal.CONNECT_REFUSED, "10.0.0.1:80");
    }

    private static String request(String method) {
        return method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void triesOtherEndpointsWhenThereIsNoConnection(String method) {
        try (EmbeddedProxy proxy = spreading()) {
            proxy.connectFailures.add(refused());
            proxy.connectFailures.add(refused());
            proxy.fromClient(request(method));
            proxy.fromUpstream(OK);

            assertThat(proxy.connected).isEqualTo(ENDPOINTS);
            assertThat(proxy.toUpstream())
                    .contains("\r\nx-envoy-attempt-count: 3\r\n")
                    .endsWith("\r\n\r\nabc");
            RequestRecord record = proxy.record();
            assertThat(record.attempts).isEqualTo(3);
            assertThat(record.status).isEqualTo(200);
            assertThat(record.refusal).isNull();
            assertThat(record.upstream).isEqualTo(ENDPOINTS.get(2));
        }
    }

    @Test
    void answers503AfterTheLastAttempt() {
        try (EmbeddedProxy proxy = spreading()) {
            for (int i = 0; i < 3; i++) {
                proxy.connectFailures.add(refused());
            }
            proxy.fromClient(request("GET"));

            assertThat(proxy.toClient())
                    .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                    .endsWith(
                            "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: "
                                    + "remote connection failure, transport failure reason: connect_refused: 10.0.0.1:80");
            assertThat(proxy.client.isActive()).isTrue();
            assertThat(proxy.record().refusal).isEqualTo(Refusal.CONNECT_REFUSED);
            assertThat(proxy.connected).hasSize(3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OWN_CERTIFICATE_EXPIRED, local connection failure",
        "OWN_CERTIFICATE_MISSING, local connection failure",
        "LIMIT_REACHED, overflow"
    })
    void doesNotTryAgainWhatIsItsOwnFault(Refusal refusal, String reason) {
        try (EmbeddedProxy proxy = spreading()) {
            proxy.connectFailures.add(new ConnectException(refusal, "why"));
            proxy.fromClient(request("GET"));

            assertThat(proxy.connected).hasSize(1);
            assertThat(proxy.toClient()).contains(". reset reason: " + reason + ", transport failure reason: ");
            assertThat(proxy.record().refusal).isEqualTo(refusal);
        }
    }

    @Test
    void waitsBeforeItTriesTheSameUpstreamAgain() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.connectFailures.add(refused());
            proxy.fromClient(request("GET"));
            assertThat(proxy.connected).hasSize(1);
            assertThat(proxy.toClient()).isEmpty();
            proxy.pass(Duration.ofMillis(25));

            assertThat(proxy.connected).hasSize(2);
            proxy.fromUpstream(OK);
            assertThat(proxy.record().attempts).isEqualTo(2);
        }
    }

    @Test
    void forgetsTheRetryOfACallerThatHasLeft() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.connectFailures.add(refused());
            proxy.fromClient(request("GET"));
            proxy.client.close().syncUninterruptibly();
            proxy.pass(Duration.ofSeconds(1));

            assertThat(proxy.connected).hasSize(1);
            assertThat(proxy.record().refusal).isEqualTo(Refusal.DOWNSTREAM_CLOSED);
        }
    }

    static Stream<Arguments> stale() {
        return Stream.of(
                arguments("GET", true),
                arguments("HEAD", true),
                arguments("PUT", true),
                arguments("DELETE", true),
                arguments("OPTIONS", true),
                arguments("POST", false),
                arguments("PATCH", false));
    }

    @ParameterizedTest
    @MethodSource("stale")
    void sendsAgainWhatAUsedConnectionSwallowedIfThatIsHarmless(String method, boolean again) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.fromUpstream(OK);
            proxy.fromClient(method + " /second HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(proxy.upstreams).hasSize(1);
            proxy.upstreamCloses();

            assertThat(proxy.upstreams).hasSize(again ? 2 : 1);
            if (again) {
                proxy.fromUpstream(OK);
            } else {
                assertThat(proxy.toClient()).contains("503").endsWith("reset reason: connection termination");
            }
            RequestRecord second = proxy.ended.get(1);
            assertThat(second.attempts).isEqualTo(again ? 2 : 1);
            assertThat(second.status).isEqualTo(again ? 200 : 503);
            assertThat(second.refusal).isEqualTo(again ? null : Refusal.UPSTREAM_CLOSED);
        }
    }

    @Test
    void doesNotSendAgainWhatANewConnectionSwallowed() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.upstreamCloses();

            assertThat(proxy.upstreams).hasSize(1);
            assertThat(proxy.record().status).isEqualTo(503);
        }
    }

    @Test
    void doesNotSendAgainOnceAByteOfTheAnswerCame() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.fromUpstream(OK);
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.fromUpstream("H");
            proxy.upstreamCloses();

            assertThat(proxy.upstreams).hasSize(1);
            assertThat(proxy.ended.get(1).status).isEqualTo(503);
        }
    }

    @Test
    void doesNotSendAgainWhatItNoLongerHas() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.fromUpstream(OK);
            proxy.fromClient("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nab");
            proxy.fromClient("cd");
            proxy.upstreamCloses();

            assertThat(proxy.upstreams).hasSize(1);
            assertThat(proxy.ended.get(1).status).isEqualTo(503);
        }
    }

    @Test
    void keepsOneRequestIdThroughAllAttempts() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.fromUpstream(OK);
            proxy.fromClient("GET /again HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.upstreamCloses();

            String[] sent = proxy.toUpstream().split("GET /again", -1);
            assertThat(sent).hasSize(3);
            assertThat(Wire.field(sent[1], "x-request-id"))
                    .isEqualTo(Wire.field(sent[2], "x-request-id"))
                    .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
            assertThat(Wire.field(sent[2], "x-envoy-attempt-count")).isEqualTo("2");
        }
    }

    @Test
    void holdsTheBodyBackWhileItConnects() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.holdConnections = true;
            proxy.fromClient("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nab");
            proxy.fromClient("cd");
            assertThat(proxy.client.config().isAutoRead()).isFalse();
            proxy.connectNow();
            assertThat(proxy.client.config().isAutoRead()).isTrue();
            proxy.fromClient("ef");

            assertThat(proxy.toUpstream()).endsWith("\r\n\r\nabcdef");
            proxy.fromUpstream(OK);
            assertThat(proxy.record().bytesReceived).isEqualTo(6);
        }
    }

    @Test
    void givesAConnectionBackThatComesTooLate() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.holdConnections = true;
            proxy.fromClient("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.client.close().syncUninterruptibly();
            proxy.connectNow();

            assertThat(proxy.pool.idleCount()).isEqualTo(1);
            assertThat(proxy.toUpstream()).isEmpty();
            assertThat(proxy.ended).hasSize(1);
        }
    }

    static Stream<Arguments> table() {
        return Stream.of(
                arguments(RetryRule.Failure.NOT_CONNECTED, false, true),
                arguments(RetryRule.Failure.NOT_CONNECTED, true, true),
                arguments(RetryRule.Failure.NOT_SENT, false, true),
                arguments(RetryRule.Failure.STALE, false, false),
                arguments(RetryRule.Failure.STALE, true, true),
                arguments(RetryRule.Failure.RESET, false, false),
                arguments(RetryRule.Failure.RESET, true, false));
    }

    @ParameterizedTest
    @MethodSource("table")
    void decidesByWhatMayHaveHappened(RetryRule.Failure failure, boolean idempotent, boolean again) {
        assertThat(RetryRule.again(failure, idempotent, true, 1, 2)).isEqualTo(again);
        assertThat(RetryRule.again(failure, idempotent, true, 2, 2)).isEqualTo(again);
        assertThat(RetryRule.again(failure, idempotent, true, 3, 2)).isFalse();
        assertThat(RetryRule.again(failure, idempotent, false, 1, 2)).isFalse();
    }
}
