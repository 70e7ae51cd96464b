package io.tanja.model.authz;

import io.tanja.model.identity.TrustDomain;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the mesh's trust domain and its aliases make of a policy's value: one trust domain stands for all of them, and
 * {@code cluster.local} stands for the mesh's own whatever its name. Follows Istio's {@code trustdomain/bundle.go}.
 */
final class TrustDomainAliases {
    private static final int PARTS = 5;

    private final List<String> names;

    TrustDomainAliases(List<TrustDomain> trustDomains) {
        names = trustDomains.stream().map(TrustDomain::name).toList();
    }

    /** The principals that a value stands for. */
    Set<String> principals(String value) {
        Set<String> found = new LinkedHashSet<>();
        String[] parts = value.split("/", -1);
        String domain = parts[0];
        boolean pointer = domain.equals(TrustDomain.CLUSTER_LOCAL.name());
        if (parts.length != PARTS
                || domain.equals("*")
                || !pointer && names.stream().noneMatch(n -> fits(domain, n))) {
            found.add(value);
            return found;
        }
        String rest = value.substring(domain.length());
        for (String name : names) {
            found.add(domain.startsWith("*") && fits(domain, name) ? value : name + rest);
        }
        return found;
    }

    /** The trust domains that a value stands for. */
    List<String> domains(String value) {
        return names.contains(value) ? new ArrayList<>(names) : List.of(value);
    }

    private static boolean fits(String pattern, String name) {
        return pattern.equals(name)
                || pattern.startsWith("*") && name.endsWith(pattern.substring(1))
                || pattern.endsWith("*") && name.startsWith(pattern.substring(0, pattern.length() - 1));
    }
}
