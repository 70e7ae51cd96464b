package io.tanja.proxy.tls;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.security.Refusal;
import io.tanja.pki.trust.PeerVerdict;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges the peer of one connection inside its handshake, and remembers the verdict: a provider would turn it into an
 * exception text. One writer: the event loop that runs the handshake.
 */
public final class PeerCheck {
    private final Function<byte[][], PeerVerdict> judge;
    private @Nullable PeerVerdict verdict;
    private byte @Nullable [] leaf;

    /**
     * Makes a check for one connection.
     *
     * @param judge gets the chain in DER, leaf first
     */
    public PeerCheck(Function<byte[][], PeerVerdict> judge) {
        this.judge = judge;
    }

    /** Judges the chain that the peer has shown. */
    PeerVerdict judge(byte[][] chain) {
        PeerVerdict found = judge.apply(chain);
        leaf = chain.length == 0 ? null : chain[0];
        verdict = found;
        return found;
    }

    /** The verified identity, or null if there is none. */
    public @Nullable SpiffeId peer() {
        return verdict instanceof PeerVerdict.Trusted trusted ? trusted.peer() : null;
    }

    /** Why the peer was refused, or null if it was not. */
    public PeerVerdict.@Nullable Rejected rejection() {
        return verdict instanceof PeerVerdict.Rejected rejected ? rejected : null;
    }

    /** The certificate that the peer showed, in DER, or null if it showed none. */
    public byte @Nullable [] leaf() {
        byte[] shown = leaf;
        return shown == null ? null : shown.clone();
    }

    /** The name of a failed handshake: the verdict if it was the reason, else what the provider says. */
    public TlsFailure failure(@Nullable Throwable cause) {
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
