package io.tanja.control.ca;

import io.tanja.pki.ca.CertificateAuthority;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.ca.IssuedChain;
import io.tanja.pki.ca.ServingNames;
import io.tanja.pki.ca.SigningMaterial;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.renewal.RenewalSchedule;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate with which the control plane serves, issued by its own CA and held in memory only. It is renewed with a
 * new key by the first use after its half-life or after the CA has changed; a failed renewal leaves the old one serving
 * and is tried again after a growing wait.
 *
 * <p>Safe for use by several threads; a renewal takes about a millisecond and is done by one of them.
 */
public final class ServingCertificate {
    private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);

    private final CertificateAuthority authority;
    private final ServingNames names;
    private final RenewalSchedule schedule;
    private final InstantSource clock;
    private final SecureRandom random;
    private int failures;
    private volatile Issued current;

    /**
     * One serving certificate with its key.
     *
     * @param key the leaf's private key
     * @param chain the leaf and what stands above it
     */
    public record ServingKey(PrivateKey key, IssuedChain chain) {
        /** Does not show the key. */
        @Override
        public String toString() {
            return "ServingKey[serial=" + chain.serial().toString(16) + ", notAfter=" + chain.notAfter() + "]";
        }
    }

    private record Issued(ServingKey serving, SigningMaterial signer, Instant nextTry) {}

    private ServingCertificate(
            CertificateAuthority authority,
            ServingNames names,
            RenewalSchedule schedule,
            InstantSource clock,
            SecureRandom random)
            throws IssuanceException {
        this.authority = authority;
        this.names = names;
        this.schedule = schedule;
        this.clock = clock;
        this.random = random;
        this.current = issue(clock.instant());
    }

    /**
     * Issues the first certificate.
     *
     * @throws IssuanceException if the CA cannot sign
     */
    public static ServingCertificate issue(
            CertificateAuthority authority,
            ServingNames names,
            RenewalSchedule schedule,
            InstantSource clock,
            SecureRandom random)
            throws IssuanceException {
        return new ServingCertificate(authority, names, schedule, clock, random);
    }

    /** The certificate to serve with now. */
    public ServingKey current() {
        Instant now = clock.instant();
        Issued serving = current;
        return isDue(serving, now) ? renew(now) : serving.serving;
    }

    private synchronized ServingKey renew(Instant now) {
        Issued old = current;
        if (!isDue(old, now)) {
            return old.serving;
        }
        try {
            Issued next = issue(now);
            failures = 0;
            current = next;
            LOG.info("serving certificate renewed: {}", next.serving);
            return next.serving;
        } catch (IssuanceException e) {
            failures++;
            Duration left = Duration.between(now, old.serving.chain().notAfter());
            Instant nextTry = now.plus(schedule.retryAfter(failures, left, random));
            // Under the CA's present material, so that other material is tried at once.
            current = new Issued(old.serving, authority.material(), nextTry);
            LOG.warn(
                    "serving certificate not renewed: {} serves on; next try at {}; cause={} reason=\"{}\"",
                    old.serving,
                    nextTry,
                    e.reason().label(),
                    e.getMessage());
            return old.serving;
        }
    }

    private boolean isDue(Issued issued, Instant now) {
        return !now.isBefore(issued.nextTry) || !authority.material().equals(issued.signer);
    }

    private Issued issue(Instant now) throws IssuanceException {
        SigningMaterial signer = authority.material();
        KeyPair keys = KeyPairs.ecP256(random);
        IssuedChain chain = authority.issueServing(keys.getPublic(), names, null, now);
        return new Issued(
                new ServingKey(keys.getPrivate(), chain), signer, schedule.renewAt(now, chain.notAfter(), random));
    }
}
