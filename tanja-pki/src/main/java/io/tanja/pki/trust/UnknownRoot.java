package io.tanja.pki.trust;

import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.security.Refusal;
import io.tanja.pki.pem.Certificates;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says why no root vouches for a peer: a stranger's root, or a root that vouches for another trust domain only. */
final class UnknownRoot {
    private static final int MAX_LISTED = 4;

    private UnknownRoot() {}

    static PeerVerdict.Rejected explain(List<X509Certificate> chain, TrustBundle bundle, SpiffeId id, Instant now) {
        for (Map.Entry<TrustDomain, List<X509Certificate>> entry :
                bundle.roots().entrySet()) {
            if (CertificatePath.validate(chain, entry.getValue(), now) instanceof CertificatePath.Outcome.Valid valid) {
                String signed = "a root of " + entry.getKey() + " (sha256 " + Certificates.fingerprint(valid.root())
                        + ") signed the certificate of " + id + ", but vouches for " + entry.getKey() + " only";
                return bundle.rootsOf(id.trustDomain()).isEmpty()
                        ? new PeerVerdict.Rejected(
                                Refusal.PEER_WRONG_TRUST_DOMAIN,
                                "expected trust domain " + entry.getKey() + ", got " + id.trustDomain() + ": " + signed)
                        : new PeerVerdict.Rejected(Refusal.PEER_UNKNOWN_ROOT, signed);
            }
        }
        List<X509Certificate> roots = bundle.rootsOf(id.trustDomain());
        String expected = roots.isEmpty()
                ? "no root is trusted for its trust domain " + id.trustDomain()
                : "trusted for " + id.trustDomain() + " are " + fingerprints(roots);
        return new PeerVerdict.Rejected(
                Refusal.PEER_UNKNOWN_ROOT, "the certificate of " + id + " was " + issued(chain) + "; " + expected);
    }

    static PeerVerdict.Rejected explain(List<X509Certificate> chain, TrustBundle bundle, String noIdentity) {
        return new PeerVerdict.Rejected(
                Refusal.PEER_UNKNOWN_ROOT,
                "the certificate was " + issued(chain) + "; trusted are " + fingerprints(bundle.all()) + "; also, "
                        + noIdentity);
    }

    private static String issued(List<X509Certificate> chain) {
        X509Certificate last = chain.getLast();
        return "issued by \"" + Quote.printable(last.getIssuerX500Principal().getName())
                + "\", which is not trusted (last certificate sent: sha256 " + Certificates.fingerprint(last) + ")";
    }

    private static String fingerprints(Collection<X509Certificate> roots) {
        if (roots.isEmpty()) {
            return "no roots";
        }
        String listed = roots.stream()
                .limit(MAX_LISTED)
                .map(root -> "sha256 " + Certificates.fingerprint(root))
                .collect(Collectors.joining(", "));
        return roots.size() > MAX_LISTED ? listed + " and " + (roots.size() - MAX_LISTED) + " more" : listed;
    }
}
