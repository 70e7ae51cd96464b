package io.tanja.model.identity;

/**
 * A SPIFFE trust domain such as {@code cluster.local}: the root of trust that an identity belongs to.
 *
 * <p>Follows the SPIFFE ID specification, section 2.1: 1 to 255 characters out of {@code a-z 0-9 . - _}. Upper case is
 * refused rather than folded, so that two spellings can never name one domain.
 *
 * @param name the domain's name, without scheme
 */
public record TrustDomain(String name) {
    /** What Kubernetes clusters and Istio use unless told otherwise. */
    public static final TrustDomain CLUSTER_LOCAL = new TrustDomain("cluster.local");

    private static final int MAX_LENGTH = 255;

    /** @throws IllegalArgumentException if the name is not a valid trust domain; the message quotes it */
    public TrustDomain {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "trust domain must have 1 to " + MAX_LENGTH + " characters, has " + name.length());
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean valid = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_';
            if (!valid) {
                throw new IllegalArgumentException("trust domain \"" + Quote.printable(name)
                        + "\" has the character at index " + i + " outside a-z, 0-9, '.', '-', '_'");
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
