package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.observe.RequestRecord;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests and answers follow each other. */
class ExchangeTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Test
    void answersPipelinedRequestsInOrderWithOneOutstanding() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(
                    "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                            + "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(proxy.toUpstream()).contains("GET /1 ").doesNotContain("/2");
            assertThat(proxy.client.config().isAutoRead()).isFalse();

            proxy.fromUpstream(OK);
            assertThat(proxy.toUpstream()).contains("POST /2 ").endsWith("\r\n\r\nabc");
            proxy.fromUpstream(OK);
            assertThat(proxy.toUpstream()).contains("GET /3 ");
            proxy.fromUpstream(OK);

            assertThat(proxy.toClient().split("\r\n\r\nok", -1)).hasSize(4);
            assertThat(proxy.ended).extracting(r -> r.path).containsExactly("/1", "/2", "/3");
            assertThat(proxy.upstreams).hasSize(1);
            assertThat(proxy.client.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void neitherReadsNorServesWhileTheCallerTakesNoAnswers() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
            proxy.fromClient(GET);
            assertThat(proxy.upstreams).isEmpty();
            assertThat(proxy.client.config().isAutoRead()).isFalse();
            proxy.client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
            proxy.client.runPendingTasks();

            assertThat(proxy.toUpstream()).startsWith("GET / ");
            assertThat(proxy.client.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void stopsReadingTheSideWhosePeerTakesNoMore() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
            proxy.upstream().unsafe().outboundBuffer().setUserDefinedWritability(1, false);
            proxy.upstream().runPendingTasks();
            assertThat(proxy.client.config().isAutoRead()).isFalse();
            proxy.upstream().unsafe().outboundBuffer().setUserDefinedWritability(1, true);
            proxy.upstream().runPendingTasks();
            assertThat(proxy.client.config().isAutoRead()).isTrue();

            proxy.client.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
            proxy.client.runPendingTasks();
            assertThat(proxy.upstream().config().isAutoRead()).isFalse();
            proxy.client.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
            proxy.client.runPendingTasks();
            assertThat(proxy.upstream().config().isAutoRead()).isTrue();
        }
    }

    @Test
    void passes100On() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(proxy.toUpstream()).contains("\r\nExpect: 100-continue\r\n");
            proxy.fromUpstream("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(proxy.toClient()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            proxy.fromClient("body");
            assertThat(proxy.toUpstream()).endsWith("\r\n\r\nbody");
            proxy.fromUpstream(OK);

            assertThat(proxy.toClient()).endsWith("ok").doesNotContain("connection: close");
            assertThat(proxy.record().bytesReceived).isEqualTo(4);
            assertThat(proxy.pool.idleCount()).isEqualTo(1);
        }
    }

    @Test
    void closesBothSidesAfterAFinalAnswerInPlaceOf100() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            proxy.fromUpstream("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");

            assertThat(proxy.toClient()).startsWith("HTTP/1.1 401 No\r\n").contains("\r\nconnection: close\r\n");
            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.upstream().isActive()).isFalse();
            assertThat(proxy.record().refusal).isNull();
        }
    }

    @Test
    void closesBothSidesWhenTheAnswerComesBeforeTheRequestIsWhole() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nsome");
            proxy.fromUpstream(OK);

            assertThat(proxy.toClient()).contains("\r\nconnection: close\r\n").endsWith("ok");
            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.upstream().isActive()).isFalse();
            assertThat(proxy.pool.idleCount()).isZero();
        }
    }

    @Test
    void goesOnWithTheBodyWhileAnEarlyAnswerIsUnderWay() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nsome");
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsome");
            proxy.fromClient("more");
            assertThat(proxy.toUpstream()).endsWith("somemore");
            proxy.fromUpstream("more");

            assertThat(proxy.toClient()).endsWith("somemore");
            RequestRecord record = proxy.record();
            assertThat(record.bytesReceived).isEqualTo(8);
            assertThat(record.bytesSent).isEqualTo(8);
            assertThat(record.refusal).isNull();
            assertThat(proxy.pool.idleCount())
                    .as("whether all was read is not known")
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void doesNotReuseAConnectionWhoseUpstreamMayOverlookABody(String method) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

            assertThat(proxy.upstream().isActive()).isFalse();
            assertThat(proxy.client.isActive()).isTrue();
        }
    }

    @Test
    void closesAnUpstreamThatSpeaksWhileIdle() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream(OK);
            assertThat(proxy.pool.idleCount()).isEqualTo(1);
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");

            assertThat(proxy.pool.idleCount()).isZero();
            assertThat(proxy.upstream().isActive()).isFalse();
            proxy.fromClient(GET);
            assertThat(proxy.upstreams).hasSize(2);
            proxy.fromUpstream(OK);
            assertThat(proxy.toClient()).doesNotContain("poison");
        }
    }

    @Test
    void throwsAwayWhatFollowsAnAnswer() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream(OK + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");

            assertThat(proxy.toClient()).endsWith("\r\n\r\nok");
            assertThat(proxy.upstream().isActive()).isFalse();
            assertThat(proxy.client.isActive()).isTrue();
        }
    }

    static Stream<String> brokenAnswers() {
        return Stream.of(
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 2000 OK\r\n\r\n",
                "HTTP/1.1 099 OK\r\n\r\n",
                "HTTP/1.1 600 OK\r\n\r\n",
                "HTTP/1.1  200 OK\r\n\r\n",
                "ICY 200 OK\r\n\r\n",
                "HTTP/1.1 200 O\0K\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\r\n z\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX: y\0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
                "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(101) + "\r\n",
                "HTTP/1.1 200 OK\r\nX: " + "y".repeat(70_000) + "\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void answers502ToABrokenAnswer(String answer) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream(answer);

            assertThat(proxy.toClient())
                    .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                    .endsWith(
                            "upstream connect error or disconnect/reset before headers. reset reason: protocol error");
            assertThat(proxy.record().refusal).isEqualTo(Refusal.UPSTREAM_PROTOCOL_ERROR);
            assertThat(proxy.upstream().isActive()).isFalse();
            assertThat(proxy.client.isActive())
                    .as("the caller did nothing wrong")
                    .isTrue();
        }
    }

    @Test
    void breaksOffWhenTheAnswersBodyIsBroken() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            proxy.fromUpstream("zz\r\n");

            assertThat(proxy.toClient()).endsWith("3\r\nabc\r\n");
            assertThat(proxy.client.isActive()).isFalse();
            RequestRecord record = proxy.record();
            assertThat(record.refusal).isEqualTo(Refusal.UPSTREAM_PROTOCOL_ERROR);
            assertThat(record.status).isEqualTo(200);
            assertThat(record.bytesSent).isEqualTo(3);
        }
    }

    @Test
    void breaksOffWhenTheUpstreamClosesInTheMiddle() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
            proxy.upstreamCloses();

            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.record().refusal).isEqualTo(Refusal.UPSTREAM_CLOSED);
        }
    }

    @Test
    void tellsOfARequestThatTheCallerLeaves() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.client.close().syncUninterruptibly();
            proxy.client.runPendingTasks();

            RequestRecord record = proxy.record();
            assertThat(record.refusal).isEqualTo(Refusal.DOWNSTREAM_CLOSED);
            assertThat(record.status).isZero();
            assertThat(proxy.upstream().isActive()).isFalse();
        }
    }

    @Test
    void finishesTheAnswerForACallerThatHasEndedItsDirection() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET + GET);
            proxy.clientEnds();
            proxy.fromUpstream(OK);
            proxy.fromUpstream(OK);
            proxy.client.runPendingTasks();

            assertThat(proxy.toClient().split("\r\n\r\nok", -1)).hasSize(3);
            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.ended).extracting(r -> r.refusal).containsOnlyNulls();
        }
    }

    @Test
    void givesUpARequestThatCannotBecomeWhole() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
            proxy.clientEnds();

            assertThat(proxy.record().refusal).isEqualTo(Refusal.DOWNSTREAM_CLOSED);
            assertThat(proxy.upstream().isActive()).isFalse();
            assertThat(proxy.client.isActive()).isFalse();
        }
    }

    @Test
    void answersOfHeadHaveNoBody() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            proxy.fromUpstream("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
            proxy.fromClient(GET);
            proxy.fromUpstream(OK);

            assertThat(proxy.toClient()).contains("Content-Length: 500\r\n").endsWith("\r\n\r\nok");
            assertThat(proxy.upstreams).hasSize(1);
        }
    }

    @Test
    void doesNotPassACodingOnWithoutABody() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.fromUpstream("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n");

            assertThat(proxy.toClient()).doesNotContain("ransfer-");
            assertThat(proxy.pool.idleCount()).isEqualTo(1);
        }
    }

    @Test
    void drainsByClosingAfterTheNextAnswer() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClient(GET);
            proxy.proxy.drain();
            assertThat(proxy.client.isActive()).as("a request is in progress").isTrue();
            proxy.fromUpstream(OK);

            assertThat(proxy.toClient()).contains("\r\nconnection: close\r\n").endsWith("ok");
            assertThat(proxy.client.isActive()).isFalse();
        }
    }

    @Test
    void drainsAnIdleConnectionAtOnce() {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.proxy.drain();

            assertThat(proxy.client.isActive()).isFalse();
            assertThat(proxy.ended).isEmpty();
        }
    }
}
