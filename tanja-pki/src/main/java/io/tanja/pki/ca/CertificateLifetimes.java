package io.tanja.pki.ca;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long certificates live.
 *
 * @param standard what a caller gets that asks for nothing
 * @param longest the most that a caller may ask for
 */
public record CertificateLifetimes(Duration standard, Duration longest) {
    /** Istio's: 24 h ({@code DEFAULT_WORKLOAD_CERT_TTL}) and 90 days ({@code MAX_WORKLOAD_CERT_TTL}). */
    public static final CertificateLifetimes ISTIO =
            new CertificateLifetimes(Duration.ofHours(24), Duration.ofDays(90));

    /** @throws IllegalArgumentException if {@code standard} is not positive or is above {@code longest} */
    public CertificateLifetimes {
        if (!standard.isPositive() || standard.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "standard lifetime " + standard + " must be positive and at most the longest, " + longest);
        }
    }

    /**
     * The lifetime for a request. None, zero and negative ask for nothing, as the field is unset in protobuf.
     *
     * @throws IssuanceException if it asks for more than the longest: an error and not a shorter certificate, as Istio
     */
    Duration grant(@Nullable Duration requested) throws IssuanceException {
        if (requested == null || !requested.isPositive()) {
            return standard;
        }
        if (requested.compareTo(longest) > 0) {
            throw new IssuanceException(
                    IssuanceRefusal.LIFETIME_TOO_LONG,
                    "a lifetime of " + requested + " was requested, at most " + longest
                            + " is allowed: ask for less or raise MAX_WORKLOAD_CERT_TTL");
        }
        return requested;
    }
}
