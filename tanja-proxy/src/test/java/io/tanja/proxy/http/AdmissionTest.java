package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.observe.RequestRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is answered by the proxy itself, and what a policy sees of a request. */
class AdmissionTest {
    private static final HttpRoute DENY = (head, record, tried) ->
            new Admission.Reject(403, "RBAC: access denied", Refusal.POLICY_DENIED, "ns[a]-policy[b]-rule[0]");
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static EmbeddedProxy denying() {
        return new EmbeddedProxy(DENY, HeaderRules.inboundPlaintext("web.test:80/*"), Http1Settings.defaults());
    }

    @Test
    void answersAsEnvoyDoes() {
        try (EmbeddedProxy proxy = denying()) {
            proxy.fromClient(GET);

            assertThat(proxy.toClient())
                    .isEqualTo("HTTP/1.1 403 Forbidden\r\ncontent-length: 19\r\ncontent-type: text/plain\r\n"
                            + "date: Mon, 23 Nov 2026 07:08:09 GMT\r\nserver: istio-envoy\r\n"
                            + "x-envoy-decorator-operation: web.test:80/*\r\n\r\nRBAC: access denied");
            RequestRecord record = proxy.record();
            assertThat(record.status).isEqualTo(403);
            assertThat(record.refusal).isEqualTo(Refusal.POLICY_DENIED);
            assertThat(record.detail).isEqualTo("ns[a]-policy[b]-rule[0]");
            assertThat(record.bytesSent).isEqualTo(19);
            assertThat(record.attempts).isZero();
            assertThat(proxy.upstreams).isEmpty();
        }
    }

    static Stream<Arguments> bodies() {
        return Stream.of(
                arguments("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true),
                arguments("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", true),
                arguments("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", true),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false),
                arguments("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\nabc", false),
                arguments("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n", false),
                arguments("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", false));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void keepsTheConnectionIfTheRestIsShort(String request, boolean kept) {
        try (EmbeddedProxy proxy = denying()) {
            proxy.fromClient(request);

            assertThat(proxy.toClient()).startsWith("HTTP/1.1 403 ");
            assertThat(proxy.toClient().contains("connection: close")).isEqualTo(!kept);
            assertThat(proxy.client.isActive()).isEqualTo(kept);
            assertThat(proxy.ended).hasSize(1);
        }
    }

    @Test
    void readsTheShortRestAndThenTheNextRequest() {
        try (EmbeddedProxy proxy = denying()) {
            proxy.fromClient("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nabc");
            assertThat(proxy.toClient()).endsWith("denied");
            proxy.fromClient("defgh" + "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(proxy.ended).extracting(r -> r.path).containsExactly("/1", "/2");
        }
    }

    @Test
    void answersHeadWithoutBody() {
        try (EmbeddedProxy proxy = denying()) {
            proxy.fromClient("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");

            assertThat(proxy.toClient()).contains("\r\ncontent-length: 19\r\n").endsWith("\r\n\r\n");
        }
    }

    static Stream<Arguments> notServed() {
        return Stream.of(
                arguments("GET / HTTP/1.0\r\n\r\n", 426, "HTTP/1.0 is not accepted here"),
                arguments("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n" + GET, 403, "CONNECT is not served"),
                arguments("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", 417, "Expect is not \"100-continue\""),
                arguments(
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n" + GET,
                        403,
                        "an upgrade to \"SPDY/3.1\" is not served"));
    }

    @ParameterizedTest
    @MethodSource("notServed")
    void answersWhatIsNotServedAndCloses(String request, int status, String why) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(request);

            assertThat(proxy.toClient()).startsWith("HTTP/1.1 " + status + " ").contains("connection: close");
            assertThat(proxy.record().detail).isEqualTo(why);
            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.upstreams).isEmpty();
        }
    }

    @Test
    void showsPoliciesWhatTheUpstreamGets() {
        AtomicReference<List<Object>> seen = new AtomicReference<>(List.of());
        HttpRoute route = (head, record, tried) -> {
            seen.set(List.of(
                    head.method(),
                    head.path(),
                    head.host(),
                    head.target(),
                    head.header("x-a"),
                    head.header("x-hop"),
                    head.header("absent")));
            return new Admission.Forward(ProxyFixture.upstream(EmbeddedProxy.ADDRESS));
        };
        try (EmbeddedProxy proxy = new EmbeddedProxy(route, HeaderRules.outbound(), Http1Settings.defaults())) {
            proxy.fromClient("GET /x/../%61dmin?q=/../ HTTP/1.1\r\nHost: web:80\r\nX-A: 1\r\nx-a: 2,3\r\n"
                    + "Connection: x-hop\r\nX-Hop: v\r\n\r\n");

            assertThat(seen.get())
                    .containsExactly(
                            "GET",
                            "/admin",
                            "web:80",
                            "/x/../%61dmin?q=/../",
                            List.of("1", "2,3"),
                            List.of(),
                            List.of());
            assertThat(proxy.toUpstream())
                    .startsWith("GET /admin?q=/../ HTTP/1.1\r\nHost: web:80\r\nX-A: 1\r\nx-a: 2,3\r\n")
                    .doesNotContainIgnoringCase("x-hop");
        }
    }

    @Test
    void answers408ToAHeadThatDoesNotCome() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("GET / HTT");
            proxy.pass(Duration.ofSeconds(59));
            proxy.fromClient("P/1.1\r\nHost: a\r\nX-Slow: ");
            assertThat(proxy.client.isActive()).isTrue();
            proxy.pass(Duration.ofSeconds(2));

            assertThat(proxy.toClient()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.record().detail).isEqualTo("no whole head within 60 s");
        }
    }

    @Test
    void closesAnIdleConnectionWithoutAWord() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            proxy.pass(Duration.ofMinutes(59));
            assertThat(proxy.client.isActive()).isTrue();
            String before = proxy.toClient();
            proxy.pass(Duration.ofMinutes(2));

            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.toClient()).isEqualTo(before);
            assertThat(proxy.ended).hasSize(1);
        }
    }

    @Test
    void letsARequestTakeItsTime() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.pass(Duration.ofDays(1));
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            assertThat(proxy.record().status).isEqualTo(200);
            assertThat(proxy.record().upstreamMillis).isEqualTo(86_400_000);
            assertThat(proxy.record().durationNanos)
                    .isEqualTo(Duration.ofDays(1).toNanos());
        }
    }

    static Stream<Arguments> http10() {
        return Stream.of(
                arguments("GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false, "ok"),
                arguments(
                        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                        true,
                        "ok"),
                arguments(
                        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3;x\r\nay!\r\n0\r\nX: y\r\n\r\n",
                        false,
                        "okay!"),
                arguments(
                        "GET / HTTP/1.0\r\n\r\n",
                        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                        false,
                        "ok"));
    }

    @ParameterizedTest
    @MethodSource("http10")
    void servesHttp10IfToldTo(String request, String response, boolean kept, String body) {
        for (int cut = 1; cut < response.length(); cut++) {
            try (EmbeddedProxy proxy = new EmbeddedProxy(
                    ProxyFixture.to(EmbeddedProxy.ADDRESS),
                    HeaderRules.outbound(),
                    Http1Settings.defaults().withHttp10())) {
                proxy.connection.destination = new java.net.InetSocketAddress("10.1.2.3", 80);
                proxy.fromClient(request);
                assertThat(proxy.toUpstream()).startsWith("GET / HTTP/1.1\r\n").contains("\r\nhost: 10.1.2.3:80\r\n");
                proxy.fromUpstream(response.substring(0, cut));
                proxy.fromUpstream(response.substring(cut));

                String answer = proxy.toClient();
                assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n" + body);
                assertThat(answer).doesNotContainIgnoringCase("transfer-encoding");
                assertThat(answer).contains(kept ? "\r\nconnection: keep-alive\r\n" : "\r\nconnection: close\r\n");
                assertThat(proxy.client.isActive()).isEqualTo(kept);
                assertThat(proxy.record().bytesSent).isEqualTo(body.length());
            }
        }
    }
}
