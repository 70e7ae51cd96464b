package io.tanja.proxy.tls;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.security.Refusal;
import io.tanja.pki.trust.PeerVerdict;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges the peer of one connection inside its handshake, and remembers the verdict: a provider would turn it into an
 * exception text. Called once, by the thread that runs the handshake.
 */
public final class PeerCheck {
    private final Function<List<X509Certificate>, PeerVerdict> judge;
    private volatile @Nullable PeerVerdict verdict;
    private volatile @Nullable X509Certificate leaf;

    /** Makes a check for one connection. */
    public PeerCheck(Function<List<X509Certificate>, PeerVerdict> judge) {
        this.judge = judge;
    }

    /** Throws if the peer is refused, which makes the provider send an alert. */
    void require(X509Certificate[] chain) throws CertificateException {
        PeerVerdict found = judge.apply(List.of(chain));
        leaf = chain[0];
        verdict = found;
        if (found instanceof PeerVerdict.Rejected(var reason, String detail)) {
            throw new CertificateException(reason.label() + ": " + detail);
        }
    }

    /** The verified identity, or null if there is none. */
    public @Nullable SpiffeId peer() {
        return verdict instanceof PeerVerdict.Trusted trusted ? trusted.peer() : null;
    }

    /** Why the peer was refused, or null if it was not. */
    public PeerVerdict.@Nullable Rejected rejection() {
        return verdict instanceof PeerVerdict.Rejected rejected ? rejected : null;
    }

    /** The certificate that the peer showed, or null if it showed none. */
    public @Nullable X509Certificate leaf() {
        return leaf;
    }

    /** The name of a failed handshake: the verdict if it was the reason, else what the provider says. */
    public TlsFailure failure(Throwable cause) {
        PeerVerdict.Rejected rejected = rejection();
        if (rejected != null) {
            return new TlsFailure(rejected.reason(), rejected.detail());
        }
        TlsFailure failure = TlsFailure.of(cause);
        return failure != null
                ? failure
                : new TlsFailure(Refusal.HANDSHAKE_FAILED, "the connection ended in the middle of the handshake");
    }
}
