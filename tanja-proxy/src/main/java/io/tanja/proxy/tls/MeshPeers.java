package io.tanja.proxy.tls;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.trust.PeerExpectation;
import io.tanja.pki.trust.PeerRole;
import io.tanja.pki.trust.PeerVerifier;
import io.tanja.pki.trust.TrustBundle;
import io.tanja.proxy.config.MeshView;
import io.tanja.proxy.identity.IdentitySnapshot;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges peers by the roots that come with the own identity and the trust domains that the mesh accepts. Any thread may
 * renew the verifier; they all would make the same one.
 */
public final class MeshPeers implements PeerJudge {
    private final MeshView view;
    private final InstantSource time;
    private volatile @Nullable Current current;

    /** Makes a judge. */
    public MeshPeers(MeshView view, InstantSource time) {
        this.view = view;
        this.time = time;
    }

    @Override
    public PeerCheck server(IdentitySnapshot identity, Set<SpiffeId> expected) {
        PeerVerifier verifier = current(identity).verifier;
        PeerExpectation expectation = new PeerExpectation.Exactly(expected);
        return new PeerCheck(chain -> verifier.verify(chain, PeerRole.SERVER, expectation, time.instant()));
    }

    @Override
    public PeerCheck caller(IdentitySnapshot identity) {
        Current now = current(identity);
        return new PeerCheck(chain -> now.verifier.verify(chain, PeerRole.CLIENT, now.callers, time.instant()));
    }

    private Current current(IdentitySnapshot identity) {
        List<TrustDomain> domains = view.self().trustDomains();
        Current known = current;
        if (known != null && known.roots.equals(identity.roots()) && known.domains.equals(domains)) {
            return known;
        }
        Map<TrustDomain, List<X509Certificate>> bundle = new HashMap<>();
        if (!identity.roots().isEmpty()) {
            domains.forEach(domain -> bundle.put(domain, identity.roots()));
        }
        Current made = new Current(
                identity.roots(),
                domains,
                new PeerVerifier(new TrustBundle(bundle)),
                new PeerExpectation.AnyOf(Set.copyOf(domains)));
        current = made;
        return made;
    }

    private record Current(
            List<X509Certificate> roots, List<TrustDomain> domains, PeerVerifier verifier, PeerExpectation callers) {}
}
