package io.tanja.pki.trust;

import io.tanja.model.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which roots vouch for which trust domain. A root vouches for no other domain than its own entry's.
 *
 * @param roots for each trust domain its roots, at least one
 */
public record TrustBundle(Map<TrustDomain, List<X509Certificate>> roots) {
    /** Trusts nobody: the bundle before the first certificate has come. */
    public static final TrustBundle EMPTY = new TrustBundle(Map.of());

    /** @throws IllegalArgumentException if a trust domain has no root */
    public TrustBundle {
        Map<TrustDomain, List<X509Certificate>> copy =
                new TreeMap<>((one, other) -> one.name().compareTo(other.name()));
        roots.forEach((domain, certificates) -> {
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("trust domain " + domain + " has no root certificate");
            }
            copy.put(domain, List.copyOf(certificates));
        });
        roots = Collections.unmodifiableMap(copy);
    }

    /** The bundle of a mesh with one trust domain. */
    public static TrustBundle of(TrustDomain domain, List<X509Certificate> roots) {
        return new TrustBundle(Map.of(domain, roots));
    }

    /** The roots of {@code domain}; none if it is unknown. */
    public List<X509Certificate> rootsOf(TrustDomain domain) {
        return roots.getOrDefault(domain, List.of());
    }

    /** The roots of all trust domains, each once. */
    public List<X509Certificate> all() {
        return roots.values().stream().flatMap(List::stream).distinct().toList();
    }
}
