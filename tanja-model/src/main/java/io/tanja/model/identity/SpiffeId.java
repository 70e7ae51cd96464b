package io.tanja.model.identity;

/**
 * The identity of a workload, {@code spiffe://<trust domain>/ns/<namespace>/sa/<service account>}.
 *
 * <p>The form is Istio's ({@code pkg/spiffe/spiffe.go}), inside the SPIFFE ID specification. The parser is exact: five
 * segments, no empty one, no query, fragment, port, user or percent escape, no character that a Kubernetes name cannot
 * have. Two different texts are never the same identity.
 *
 * @param trustDomain the domain that vouches for it
 * @param namespace the Kubernetes namespace
 * @param serviceAccount the Kubernetes service account
 */
public record SpiffeId(TrustDomain trustDomain, String namespace, String serviceAccount) {
    private static final String SCHEME = "spiffe://";
    private static final int MAX_URI_LENGTH = 2048;
    private static final int MAX_NAME_LENGTH = 253;

    /** @throws IllegalArgumentException if namespace or service account is not a Kubernetes name */
    public SpiffeId {
        requireName("namespace", namespace);
        requireName("service account", serviceAccount);
    }

    /**
     * Reads an identity from its URI.
     *
     * @throws IllegalArgumentException if the text has any other form; the message says which part is wrong
     */
    public static SpiffeId parse(String uri) {
        if (uri.length() > MAX_URI_LENGTH) {
            throw new IllegalArgumentException("SPIFFE ID is longer than " + MAX_URI_LENGTH + " characters");
        }
        if (!uri.startsWith(SCHEME)) {
            throw new IllegalArgumentException("\"" + Quote.printable(uri) + "\" does not start with " + SCHEME);
        }
        return parsePrincipal(uri.substring(SCHEME.length()));
    }

    /**
     * Reads an identity from its form without scheme, {@code <trust domain>/ns/<namespace>/sa/<service account>}.
     *
     * @throws IllegalArgumentException if the text has any other form
     */
    public static SpiffeId parsePrincipal(String principal) {
        String[] parts = principal.split("/", -1);
        if (parts.length != 5 || !parts[1].equals("ns") || !parts[3].equals("sa")) {
            throw new IllegalArgumentException("\"" + Quote.printable(principal)
                    + "\" does not have the form <trust domain>/ns/<namespace>/sa/<service account>");
        }
        return new SpiffeId(new TrustDomain(parts[0]), parts[2], parts[4]);
    }

    /** The identity as it stands in a certificate's URI SAN. */
    public String uri() {
        return SCHEME + principal();
    }

    /** The identity as policies write it: without scheme. */
    public String principal() {
        return trustDomain.name() + "/ns/" + namespace + "/sa/" + serviceAccount;
    }

    @Override
    public String toString() {
        return uri();
    }

    private static void requireName(String what, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException(
                    what + " must have 1 to " + MAX_NAME_LENGTH + " characters, has " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean inner = c == '-' || c == '.';
            boolean valid = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || inner && i > 0 && i < name.length() - 1;
            if (!valid) {
                throw new IllegalArgumentException(
                        what + " \"" + Quote.printable(name) + "\" is not a Kubernetes name (character " + i + ")");
            }
        }
    }
}
