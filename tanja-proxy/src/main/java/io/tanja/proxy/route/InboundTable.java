package io.tanja.proxy.route;

import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.detect.Detected;
import io.tanja.proxy.detect.Question;
import io.tanja.proxy.route.InboundDecision.PassOpaque;
import io.tanja.proxy.route.InboundDecision.PlainHttp;
import io.tanja.proxy.route.InboundDecision.PlainTcp;
import io.tanja.proxy.route.InboundDecision.Refuse;
import io.tanja.proxy.route.InboundDecision.TerminateMeshTls;

/**
 * Mode of the port × its declared protocol × what the first bytes are, as Istio's inbound filter chains decide it
 * ({@code networking/core/filterchain_options.go}; outcomes in {@code sidecar_simulation_test.go}, {@code TestInbound}).
 *
 * <p>Two deliberate differences: a silent caller on a PERMISSIVE port that may carry a server-first protocol is passed on
 * after the detection time-out (Istio waits for ever), and HTTP/2 is passed on as bytes, judged by layer-4 policy.
 */
public final class InboundTable {
    private InboundTable() {}

    /** What has to be known of a connection to such a port. */
    public static Question question(TlsMode mode, AppProtocol declared) {
        return switch (mode) {
            case STRICT -> new Question(true, false, false);
            case PERMISSIVE ->
                declared.isHttp() ? new Question(true, true, false) : new Question(true, !declared.isOpaque(), true);
            case DISABLE ->
                declared.isHttp() ? new Question(false, true, false) : new Question(false, !declared.isOpaque(), true);
        };
    }

    /** Decides. */
    public static InboundDecision decide(TlsMode mode, AppProtocol declared, Detected detected) {
        return switch (detected) {
            case Detected.Broken(Refusal refusal, String detail) -> new Refuse(refusal, detail);
            case Detected.Tls tls -> ofTls(mode, declared, tls);
            case Detected.Http1() -> ofPlain(mode, declared, true);
            // Not parsed as HTTP/2 yet, hence bytes, even where HTTP/1.1 is declared.
            case Detected.Http2() -> ofPlain(mode, AppProtocol.TCP, false);
            case Detected.Opaque() -> ofPlain(mode, declared, false);
            case Detected.Silent() -> ofSilence(mode, declared);
        };
    }

    private static InboundDecision ofTls(TlsMode mode, AppProtocol declared, Detected.Tls tls) {
        return switch (mode) {
            case STRICT -> new TerminateMeshTls(httpInside(declared, tls));
            case PERMISSIVE -> {
                if (tls.ofMesh()) {
                    yield new TerminateMeshTls(httpInside(declared, tls));
                }
                yield declared.isHttp()
                        ? new Refuse(
                                Refusal.NOT_MESH_TLS,
                                "TLS offering ALPN "
                                        + tls.alpn().stream()
                                                .map(io.tanja.model.identity.Quote::printable)
                                                .toList()
                                        + " came to a port declared HTTP; the mesh's own offers istio")
                        : new PassOpaque(PlaintextReason.CALLER_SENT_OTHER_TLS);
            }
            // Never asked for TLS, so this is a plain beginning like any other.
            case DISABLE -> ofPlain(mode, declared, false);
        };
    }

    private static boolean httpInside(AppProtocol declared, Detected.Tls tls) {
        return declared.isHttp() || !declared.isOpaque() && tls.ofMeshHttp();
    }

    private static InboundDecision ofPlain(TlsMode mode, AppProtocol declared, boolean http1) {
        PlaintextReason why = switch (mode) {
            case STRICT -> null;
            case PERMISSIVE -> PlaintextReason.CALLER_SENT_PLAINTEXT;
            case DISABLE -> PlaintextReason.MODE_DISABLE;
        };
        if (why == null) {
            return new Refuse(
                    Refusal.PLAINTEXT_REFUSED_STRICT,
                    "plaintext came to a port whose mode is STRICT; expected mutual TLS");
        }
        return declared.isHttp() || http1 && !declared.isOpaque() ? new PlainHttp(why) : new PlainTcp(why);
    }

    private static InboundDecision ofSilence(TlsMode mode, AppProtocol declared) {
        return question(mode, declared).mayBeSilent()
                ? ofPlain(mode, declared, false)
                : new Refuse(Refusal.DOWNSTREAM_CLOSED, "the caller sent nothing");
    }
}
