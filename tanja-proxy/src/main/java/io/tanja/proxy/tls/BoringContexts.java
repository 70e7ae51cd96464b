package io.tanja.proxy.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.CertificateVerifier;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.tanja.model.security.Refusal;
import io.tanja.pki.trust.PeerVerdict;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The native contexts of the process: one for each role and list of protocols, as those are all that contexts differ in.
 * They hold no identity, so that no renewal touches them; sessions are never resumed, so that each handshake judges its
 * peer anew.
 */
final class BoringContexts {
    /** Post-quantum first; the classical groups for peers without it. */
    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256"};

    /** The TLS 1.2 suites that Istio's proxies accept; those of TLS 1.3 are fixed in BoringSSL. */
    private static final String TLS12_SUITES = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
            + "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-GCM-SHA256";

    private static final int MAX_CHAIN = 10;
    private static final Map<Kind, Long> CONTEXTS = new ConcurrentHashMap<>();
    private static final Map<Long, PeerCheck> CHECKS = new ConcurrentHashMap<>();

    private record Kind(boolean server, List<String> alpn) {}

    private BoringContexts() {}

    /** Makes a connection's native object. */
    static long open(boolean server, List<String> alpn, PeerCheck check) {
        long ssl = SSL.newSSL(CONTEXTS.computeIfAbsent(new Kind(server, alpn), BoringContexts::make), server);
        CHECKS.put(ssl, check);
        return ssl;
    }

    static void forget(long ssl) {
        CHECKS.remove(ssl);
    }

    private static long make(Kind kind) {
        OpenSsl.ensureAvailability();
        try {
            long context = SSLContext.make(
                    SSL.SSL_PROTOCOL_TLSV1_2 | SSL.SSL_PROTOCOL_TLSV1_3,
                    kind.server ? SSL.SSL_MODE_SERVER : SSL.SSL_MODE_CLIENT);
            SSLContext.setOptions(context, SSL.SSL_OP_NO_TICKET | SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
            SSLContext.setSessionCacheMode(context, SSL.SSL_SESS_CACHE_OFF);
            SSLContext.setMode(context, SSLContext.getMode(context) | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
            SSLContext.setCipherSuite(context, TLS12_SUITES, false);
            SSLContext.setCurvesList(context, GROUPS);
            SSLContext.setAlpnProtos(context, kind.alpn.toArray(String[]::new), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
            SSLContext.setVerify(context, SSL.SSL_CVERIFY_REQUIRED, MAX_CHAIN);
            SSLContext.setUseTasks(context, false);
            SSLContext.setCertVerifyCallback(context, new Verifier());
            return context;
        } catch (Exception e) {
            throw new IllegalStateException("BoringSSL makes no context: " + e.getMessage(), e);
        }
    }

    /** Called inside a handshake; its answer becomes the alert that the peer sees. */
    private static final class Verifier extends CertificateVerifier {
        @Override
        public int verify(long ssl, byte[][] chain, String auth) {
            PeerCheck check = CHECKS.get(ssl);
            if (check == null) {
                return X509_V_ERR_UNSPECIFIED;
            }
            return switch (check.judge(chain)) {
                case PeerVerdict.Trusted trusted -> X509_V_OK;
                case PeerVerdict.Rejected(Refusal reason, String detail) ->
                    switch (reason) {
                        case PEER_UNKNOWN_ROOT -> X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
                        case PEER_CERTIFICATE_EXPIRED -> X509_V_ERR_CERT_HAS_EXPIRED;
                        default -> X509_V_ERR_CERT_REJECTED;
                    };
            };
        }
    }
}
