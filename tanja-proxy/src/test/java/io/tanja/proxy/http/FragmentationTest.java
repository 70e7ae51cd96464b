package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However bytes are cut into reads, what is passed on is the same. */
class FragmentationTest {
    /** What came out, and what was told. */
    private record Outcome(String toUpstream, String toClient, boolean clientOpen, int idle, String record) {}

    static java.util.List<Corpus.Pair> pairs() {
        return Corpus.pairs();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void cutsTheRequestAtEveryOctet(Corpus.Pair pair) {
        Outcome whole = run(pair, 0, 0);
        assertThat(whole.toClient()).contains("HTTP/1.1 ").doesNotContain("upstream connect error");
        for (int cut = 1; cut < pair.request().length(); cut++) {
            assertThat(run(pair, cut, 0)).as("request cut at %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void cutsTheResponseAtEveryOctet(Corpus.Pair pair) {
        Outcome whole = run(pair, 0, 0);
        for (int cut = 1; cut < pair.response().length(); cut++) {
            assertThat(run(pair, 0, cut)).as("response cut at %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void takesOneOctetAtATime(Corpus.Pair pair) {
        Outcome whole = run(pair, 0, 0);
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            proxy.fromClientSlowly(pair.request());
            for (int i = 0; i < pair.response().length(); i++) {
                proxy.fromUpstream(pair.response().substring(i, i + 1));
            }
            assertThat(outcome(proxy, pair)).isEqualTo(whole);
        }
    }

    private static Outcome run(Corpus.Pair pair, int requestCut, int responseCut) {
        try (EmbeddedProxy proxy = new EmbeddedProxy()) {
            if (requestCut > 0) {
                proxy.fromClient(pair.request().substring(0, requestCut));
            }
            proxy.fromClient(pair.request().substring(requestCut));
            if (responseCut > 0) {
                proxy.fromUpstream(pair.response().substring(0, responseCut));
            }
            proxy.fromUpstream(pair.response().substring(responseCut));
            return outcome(proxy, pair);
        }
    }

    private static Outcome outcome(EmbeddedProxy proxy, Corpus.Pair pair) {
        if (pair.ends()) {
            proxy.upstream().close().syncUninterruptibly();
        }
        proxy.client.runPendingTasks();
        var record = proxy.record();
        return new Outcome(
                proxy.toUpstream(),
                proxy.toClient(),
                proxy.client.isActive(),
                proxy.pool.idleCount(),
                record.method + " " + record.path + " " + record.status + " " + record.bytesReceived + "/"
                        + record.bytesSent + " " + record.refusal);
    }
}
