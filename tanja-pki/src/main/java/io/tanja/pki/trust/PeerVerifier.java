package io.tanja.pki.trust;

import io.tanja.model.security.Refusal;
import io.tanja.pki.pem.Certificates;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Judges the certificate chains of peers: first the chain, up to the roots of the trust domain that the leaf claims, then
 * the identity, then whether that identity is expected.
 *
 * <p>Chains that were believed are remembered by the SHA-256 of their leaf, so that a peer's second handshake costs a hash
 * and not signatures. Times and expectations are checked anew at each use, and a new bundle forgets all. Refusals are not
 * remembered.
 *
 * <p>Safe for use by several threads. The bundle has one writer.
 */
public final class PeerVerifier {
    /** How many leaves are remembered; some 300 bytes each. */
    private static final int MAX_REMEMBERED = 4096;

    private final int maxRemembered;
    private volatile State state;

    /** @param bundle whom to trust at first */
    public PeerVerifier(TrustBundle bundle) {
        this(bundle, MAX_REMEMBERED);
    }

    PeerVerifier(TrustBundle bundle, int maxRemembered) {
        this.maxRemembered = maxRemembered;
        this.state = new State(bundle, new ConcurrentHashMap<>());
    }

    /** The bundle in force. */
    public TrustBundle bundle() {
        return state.bundle;
    }

    /** Puts {@code bundle} in force for all verdicts that begin after. */
    public void trust(TrustBundle bundle) {
        if (!bundle.equals(state.bundle)) {
            state = new State(bundle, new ConcurrentHashMap<>());
        }
    }

    /**
     * Judges a chain as a TLS provider hands it over.
     *
     * @param chain DER, leaf first; empty or with an empty leaf if the peer sent none
     * @param role which end the peer is
     * @param expected who it may be
     */
    public PeerVerdict verify(byte[][] chain, PeerRole role, PeerExpectation expected, Instant now) {
        if (chain.length == 0 || chain[0].length == 0) {
            return noCertificate();
        }
        State current = state;
        LeafKey key = LeafKey.of(chain[0]);
        ChainCheck.Result.Vouched known = current.remembered.get(key);
        if (known != null && known.validity().contains(now)) {
            return judge(known, role, expected);
        }
        List<X509Certificate> parsed = new ArrayList<>(chain.length);
        for (byte[] der : chain) {
            try {
                parsed.add(Certificates.fromDer(der));
            } catch (CertificateException e) {
                return new PeerVerdict.Rejected(
                        Refusal.PEER_BAD_CERTIFICATE,
                        "certificate " + (parsed.size() + 1) + " of " + chain.length + " cannot be read");
            }
        }
        return check(current, key, parsed, role, expected, now);
    }

    /**
     * Judges a chain of parsed certificates.
     *
     * @param chain leaf first; empty if the peer sent none
     * @param role which end the peer is
     * @param expected who it may be
     */
    public PeerVerdict verify(List<X509Certificate> chain, PeerRole role, PeerExpectation expected, Instant now) {
        if (chain.isEmpty()) {
            return noCertificate();
        }
        State current = state;
        LeafKey key = LeafKey.of(Certificates.der(chain.getFirst()));
        ChainCheck.Result.Vouched known = current.remembered.get(key);
        return known != null && known.validity().contains(now)
                ? judge(known, role, expected)
                : check(current, key, chain, role, expected, now);
    }

    /** How many leaves are remembered now. */
    int remembered() {
        return state.remembered.size();
    }

    private PeerVerdict check(
            State current,
            LeafKey key,
            List<X509Certificate> chain,
            PeerRole role,
            PeerExpectation expected,
            Instant now) {
        return switch (ChainCheck.of(chain, current.bundle, now)) {
            case ChainCheck.Result.Refused refused -> refused.verdict();
            case ChainCheck.Result.Vouched vouched -> {
                current.remember(key, vouched, maxRemembered);
                yield judge(vouched, role, expected);
            }
        };
    }

    private static PeerVerdict judge(ChainCheck.Result.Vouched vouched, PeerRole role, PeerExpectation expected) {
        if (!vouched.allows(role)) {
            return new PeerVerdict.Rejected(
                    Refusal.PEER_BAD_CERTIFICATE,
                    "the certificate of " + vouched.id() + " lacks the extended key usage " + role.usageName());
        }
        return expected.refusalOf(vouched.id())
                .<PeerVerdict>map(rejected -> rejected)
                .orElseGet(() ->
                        new PeerVerdict.Trusted(vouched.id(), vouched.validity().notAfter()));
    }

    private static PeerVerdict noCertificate() {
        return new PeerVerdict.Rejected(
                Refusal.PEER_NO_CERTIFICATE, "expected a certificate chain, the peer sent no certificate");
    }

    /** A bundle with what was learnt under it: a verdict that began under an old bundle is remembered there only. */
    private record State(TrustBundle bundle, ConcurrentHashMap<LeafKey, ChainCheck.Result.Vouched> remembered) {
        void remember(LeafKey key, ChainCheck.Result.Vouched vouched, int limit) {
            if (remembered.size() >= limit) {
                // Rare, as leaves live for hours and peers are few: starting over is cheaper than keeping an order.
                remembered.clear();
            }
            remembered.put(key, vouched);
        }
    }

    private record LeafKey(long first, long second, long third, long fourth) {
        static LeafKey of(byte[] der) {
            ByteBuffer hash = ByteBuffer.wrap(Certificates.sha256(der));
            return new LeafKey(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }
    }
}
