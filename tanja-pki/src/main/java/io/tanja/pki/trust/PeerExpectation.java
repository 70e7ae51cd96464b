package io.tanja.pki.trust;

import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.security.Refusal;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who the peer may be. */
public sealed interface PeerExpectation {
    /** The most names that a refusal's detail lists. */
    int MAX_LISTED = 8;

    /** Why {@code peer} does not meet the expectation; empty if it does. */
    Optional<PeerVerdict.Rejected> refusalOf(SpiffeId peer);

    /**
     * Any workload of these trust domains: what a server asks for, as authorization comes after it.
     *
     * @param domains the mesh's trust domain and its aliases
     */
    record AnyOf(Set<TrustDomain> domains) implements PeerExpectation {
        /** Copies the set. */
        public AnyOf {
            domains = Set.copyOf(domains);
        }

        @Override
        public Optional<PeerVerdict.Rejected> refusalOf(SpiffeId peer) {
            return domains.contains(peer.trustDomain())
                    ? Optional.empty()
                    : Optional.of(new PeerVerdict.Rejected(
                            Refusal.PEER_WRONG_TRUST_DOMAIN,
                            "expected trust domain " + list(domains) + ", got " + peer.trustDomain() + " in " + peer));
        }
    }

    /**
     * One of exactly these workloads: what a client asks for.
     *
     * @param identities the service accounts behind the destination; if empty nobody is accepted
     */
    record Exactly(Set<SpiffeId> identities) implements PeerExpectation {
        /** Copies the set. */
        public Exactly {
            identities = Set.copyOf(identities);
        }

        @Override
        public Optional<PeerVerdict.Rejected> refusalOf(SpiffeId peer) {
            return identities.contains(peer)
                    ? Optional.empty()
                    : Optional.of(new PeerVerdict.Rejected(
                            Refusal.PEER_WRONG_IDENTITY, "expected " + list(identities) + ", got " + peer));
        }
    }

    private static String list(Collection<?> names) {
        if (names.isEmpty()) {
            return "nobody";
        }
        String listed =
                names.stream().map(Object::toString).sorted().limit(MAX_LISTED).collect(Collectors.joining(" or "));
        return names.size() > MAX_LISTED ? listed + " or " + (names.size() - MAX_LISTED) + " more" : listed;
    }
}
