package io.tanja.control.serve;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.tanja.pki.ca.CertificateAuthority;
import io.tanja.pki.ca.IssuanceException;
import io.tanja.pki.ca.IssuedChain;
import io.tanja.pki.ca.ServingNames;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.renewal.RenewalSchedule;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate with which the control plane serves, issued by its own CA and renewed at half of its life with a new
 * key. Its own thread renews; handshakes read.
 */
public final class ServingCertificate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServingCertificate.class);

    private final CertificateAuthority authority;
    private final ServingNames names;
    private final InstantSource clock;
    private final SecureRandom random;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed;
    private volatile Instant notAfter;

    /**
     * Issues the first certificate and begins to renew.
     *
     * @throws IssuanceException if the CA cannot sign now
     */
    public ServingCertificate(
            CertificateAuthority authority,
            ServingNames names,
            InstantSource clock,
            SecureRandom random,
            ThreadFactory threads)
            throws IssuanceException {
        this.authority = authority;
        this.names = names;
        this.clock = clock;
        this.random = random;
        this.notAfter = issue();
        this.thread = threads.newThread(this::renew);
        thread.start();
    }

    /** What handshakes ask. */
    public X509KeyManager keyManager() {
        return keys;
    }

    /** When the present certificate expires. */
    public Instant notAfter() {
        return notAfter;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signal();
        } finally {
            lock.unlock();
        }
    }

    private Instant issue() throws IssuanceException {
        KeyPair pair = KeyPairs.ecP256(random);
        IssuedChain chain = authority.issueServing(pair.getPublic(), names, null, clock.instant());
        keys.updateIdentityCredentials(chain.handshakeChain().toArray(X509Certificate[]::new), pair.getPrivate());
        return chain.notAfter();
    }

    private void renew() {
        Instant next = RenewalSchedule.HALF_LIFE.renewAt(clock.instant(), notAfter, random);
        int failures = 0;
        try {
            while (waited(Duration.between(clock.instant(), next))) {
                try {
                    notAfter = issue();
                    failures = 0;
                    next = RenewalSchedule.HALF_LIFE.renewAt(clock.instant(), notAfter, random);
                    LOG.info("serving certificate renewed notAfter={}", notAfter);
                } catch (IssuanceException e) {
                    failures++;
                    next = clock.instant().plus(RenewalSchedule.HALF_LIFE.retryAfter(failures, random));
                    LOG.warn("serving certificate not renewed notAfter={} reason=\"{}\"", notAfter, e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("renewal ends");
        }
    }

    /** @return false if it was closed meanwhile */
    private boolean waited(Duration time) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = Math.max(1, time.toNanos());
            while (left > 0 && !closed) {
                left = closing.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}
