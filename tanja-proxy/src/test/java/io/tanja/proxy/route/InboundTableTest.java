package io.tanja.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.detect.Detected;
import io.tanja.proxy.detect.Question;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The outcomes of Istio's {@code sidecar_simulation_test.go}, {@code TestInbound}: 23 calls in three modes each. */
class InboundTableTest {
    /** In Istio's words; what they are here is in {@link #outcome}. */
    @ParameterizedTest(name = "{0} to a {1} port: {2} / {3} / {4}")
    @CsvSource({
        // traffic, declared, DISABLE, PERMISSIVE, STRICT
        "HTTP, TCP, ok, ok, NoFilterChain",
        "HTTP, HTTP, http, http, NoFilterChain",
        "HTTP, AUTO, http, http, NoFilterChain",
        "TCP, TCP, ok, ok, NoFilterChain",
        "TCP, HTTP, ProtocolError, ProtocolError, NoFilterChain",
        "TCP, AUTO, ok, ok, NoFilterChain",
        "TLS, TCP, opaque, opaque, MTLS",
        "TLS, HTTP, ProtocolError, NoFilterChain, MTLS",
        "TLS, AUTO, opaque, opaque, MTLS",
        "HTTPS h2, TCP, opaque, opaque, MTLS",
        "HTTPS h2, HTTP, ProtocolError, NoFilterChain, MTLS",
        "HTTPS h2, AUTO, opaque, opaque, MTLS",
        "HTTPS 1.1, TCP, opaque, opaque, MTLS",
        "HTTPS 1.1, HTTP, ProtocolError, NoFilterChain, MTLS",
        "HTTPS 1.1, AUTO, opaque, opaque, MTLS",
        "mTLS TCP, TCP, opaque, terminated tcp, terminated tcp",
        "mTLS TCP, HTTP, ProtocolError, terminated http, terminated http",
        "mTLS TCP, AUTO, opaque, terminated tcp, terminated tcp",
        "mTLS HTTP, TCP, opaque, terminated tcp, terminated tcp",
        "mTLS HTTP, HTTP, ProtocolError, terminated http, terminated http",
        "mTLS HTTP, AUTO, opaque, terminated http, terminated http",
        "mTLS h2, AUTO, opaque, terminated http, terminated http",
        "mTLS exchange, AUTO, opaque, terminated tcp, terminated tcp",
    })
    void decidesAsIstioDoes(String traffic, AppProtocol declared, String disable, String permissive, String strict) {
        assertOutcome(TlsMode.DISABLE, declared, traffic, disable);
        assertOutcome(TlsMode.PERMISSIVE, declared, traffic, permissive);
        assertOutcome(TlsMode.STRICT, declared, traffic, strict);
    }

    private static void assertOutcome(TlsMode mode, AppProtocol declared, String traffic, String expected) {
        Question question = InboundTable.question(mode, declared);
        InboundDecision decision = InboundTable.decide(mode, declared, seen(traffic, question));
        assertThat(decision)
                .as("%s %s %s", mode, declared, traffic)
                .isEqualTo(outcome(expected, mode, declared, decision));
    }

    /** What detection says of the traffic if it is asked that question. */
    private static Detected seen(String traffic, Question question) {
        Detected all = switch (traffic) {
            case "HTTP" -> new Detected.Http1();
            case "TCP" -> new Detected.Opaque();
            case "TLS" -> tls();
            case "HTTPS h2" -> tls("h2", "http/1.1");
            case "HTTPS 1.1" -> tls("http/1.1");
            case "mTLS TCP" -> tls("istio");
            case "mTLS HTTP" -> tls("istio-http/1.1", "istio", "http/1.1");
            case "mTLS h2" -> tls("istio-h2", "istio", "h2");
            case "mTLS exchange" -> tls("istio-peer-exchange", "istio");
            default -> throw new IllegalArgumentException(traffic);
        };
        return switch (all) {
            case Detected.Tls tls when question.tls() -> tls;
            case Detected.Http1 http when question.http() -> http;
            default -> new Detected.Opaque();
        };
    }

    private static Detected.Tls tls(String... alpn) {
        return new Detected.Tls(null, List.of(alpn));
    }

    private static InboundDecision outcome(String istio, TlsMode mode, AppProtocol declared, InboundDecision actual) {
        PlaintextReason why =
                mode == TlsMode.DISABLE ? PlaintextReason.MODE_DISABLE : PlaintextReason.CALLER_SENT_PLAINTEXT;
        return switch (istio) {
            case "ok" -> new InboundDecision.PlainTcp(why);
            // The HTTP parser finds out that these are no requests.
            case "http", "ProtocolError" -> new InboundDecision.PlainHttp(why);
            case "opaque" ->
                mode == TlsMode.DISABLE
                        ? new InboundDecision.PlainTcp(why)
                        : new InboundDecision.PassOpaque(PlaintextReason.CALLER_SENT_OTHER_TLS);
            // Ended here, and then refused by the handshake for want of a certificate.
            case "MTLS" -> new InboundDecision.TerminateMeshTls(declared.isHttp());
            case "terminated http" -> new InboundDecision.TerminateMeshTls(true);
            case "terminated tcp" -> new InboundDecision.TerminateMeshTls(false);
            case "NoFilterChain" -> {
                Refusal refusal = mode == TlsMode.STRICT ? Refusal.PLAINTEXT_REFUSED_STRICT : Refusal.NOT_MESH_TLS;
                assertThat(actual).isInstanceOf(InboundDecision.Refuse.class);
                yield new InboundDecision.Refuse(refusal, ((InboundDecision.Refuse) actual).detail());
            }
            default -> throw new IllegalArgumentException(istio);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "DISABLE, TCP, PlainTcp",
        "DISABLE, AUTO, PlainTcp",
        "DISABLE, HTTP, Refuse",
        "PERMISSIVE, TCP, PlainTcp",
        "PERMISSIVE, AUTO, PlainTcp",
        "PERMISSIVE, HTTP, Refuse",
        "STRICT, TCP, Refuse",
        "STRICT, AUTO, Refuse",
        "STRICT, HTTP, Refuse",
    })
    void silencePassesOnlyWhereTheServerMaySpeakFirst(TlsMode mode, AppProtocol declared, String expected) {
        InboundDecision decision = InboundTable.decide(mode, declared, new Detected.Silent());
        assertThat(decision.getClass().getSimpleName()).isEqualTo(expected);
        assertThat(decision instanceof InboundDecision.Refuse)
                .isEqualTo(!InboundTable.question(mode, declared).mayBeSilent());
    }

    @Test
    void brokenTlsIsRefusedWhateverThePortIsFor() {
        Detected.Broken broken = new Detected.Broken(Refusal.LIMIT_REACHED, "too long");
        for (TlsMode mode : TlsMode.values()) {
            for (AppProtocol declared : AppProtocol.values()) {
                assertThat(InboundTable.decide(mode, declared, broken))
                        .isEqualTo(new InboundDecision.Refuse(Refusal.LIMIT_REACHED, "too long"));
            }
        }
    }

    @Test
    void strictNeverPassesAnythingUnprotected() {
        List<Detected> all = List.of(
                new Detected.Http1(),
                new Detected.Http2(),
                new Detected.Opaque(),
                new Detected.Silent(),
                tls(),
                tls("istio"));
        for (AppProtocol declared : AppProtocol.values()) {
            for (Detected detected : all) {
                assertThat(InboundTable.decide(TlsMode.STRICT, declared, detected))
                        .as("%s %s", declared, detected)
                        .isInstanceOfAny(InboundDecision.Refuse.class, InboundDecision.TerminateMeshTls.class);
            }
        }
    }

    @Test
    void http2IsCarriedAsBytes() {
        assertThat(InboundTable.decide(TlsMode.PERMISSIVE, AppProtocol.GRPC, new Detected.Http2()))
                .isEqualTo(new InboundDecision.PlainTcp(PlaintextReason.CALLER_SENT_PLAINTEXT));
    }
}
