package io.tanja.proxy.identity;

import io.tanja.model.identity.SpiffeId;
import io.tanja.pki.csr.CertificateRequest;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.renewal.RenewalSchedule;
import io.tanja.xds.ca.CaException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the proxy's certificate and renews it at half-life, each time with a new key that never leaves this process. When
 * the CA does not answer, the old certificate serves on and the time that is left is told; it stays also when it is
 * expired, so that the data path can refuse with that reason.
 *
 * <p>One writer: the control loop. Keys are made and answers checked on other threads.
 */
public final class IdentityKeeper implements IdentitySource {
    private static final Logger log = LoggerFactory.getLogger(IdentityKeeper.class);

    /** The wall clock may be set, or stand still while a machine sleeps: it is looked at this often. */
    private static final Duration LOOK_AT_CLOCK = Duration.ofMinutes(1);

    private final SpiffeId expected;
    private final Duration ttl;
    private final RenewalSchedule schedule;
    private final CertificateIssuer issuer;
    private final ControlLoop control;
    private final Executor work;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final SecureRandom keyRandom;
    private final CompletableFuture<IdentitySnapshot> first = new CompletableFuture<>();
    private final List<Consumer<IdentitySnapshot>> listeners = new ArrayList<>();
    private final RenewalMetrics metrics;
    private final FailureNotice notice = new FailureNotice();
    private @Nullable Instant renewAt;
    private int failures;
    private volatile @Nullable IdentitySnapshot current;

    /**
     * Makes a keeper; {@link #start} begins.
     *
     * @param expected the identity that the certificate must carry
     * @param ttl the lifetime to ask for
     * @param work runs what takes milliseconds: making keys, checking chains
     * @param random for jitter
     * @param keyRandom for keys
     */
    public IdentityKeeper(
            SpiffeId expected,
            Duration ttl,
            RenewalSchedule schedule,
            CertificateIssuer issuer,
            ControlLoop control,
            Executor work,
            InstantSource clock,
            RandomGenerator random,
            SecureRandom keyRandom) {
        this.expected = expected;
        this.ttl = ttl;
        this.schedule = schedule;
        this.issuer = issuer;
        this.control = control;
        this.work = work;
        this.clock = clock;
        this.random = random;
        this.keyRandom = keyRandom;
        this.metrics = new RenewalMetrics(this, clock);
    }

    /** Asks for the first certificate, and from then on for the next ones in time. */
    public void start() {
        work.execute(this::request);
    }

    /** Completed with the first identity. */
    public CompletableFuture<IdentitySnapshot> first() {
        return first;
    }

    /** What there is to show of it. */
    public RenewalMetrics metrics() {
        return metrics;
    }

    @Override
    public @Nullable IdentitySnapshot current() {
        return current;
    }

    @Override
    public void subscribe(Consumer<IdentitySnapshot> listener) {
        synchronized (listeners) {
            listeners.add(listener);
            IdentitySnapshot now = current;
            if (now != null) {
                listener.accept(now);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // answered() never throws
    private void request() {
        try {
            KeyPair keys = KeyPairs.ecP256(keyRandom);
            String csr = CertificateRequest.of(keys).pem();
            issuer.issue(csr, ttl).whenCompleteAsync((chain, error) -> answered(keys, chain, error), work);
        } catch (RuntimeException e) {
            // A fault of ours must not end the renewals.
            control.execute(() -> failed(e));
        }
    }

    private void answered(KeyPair keys, @Nullable List<String> chain, @Nullable Throwable error) {
        if (chain == null) {
            Throwable cause = error instanceof CompletionException wrapped ? wrapped.getCause() : error;
            control.execute(() -> failed(cause == null ? new BadCertificateException("no answer") : cause));
            return;
        }
        try {
            IdentitySnapshot fresh = IssuedIdentity.of(keys, chain, expected, clock.instant());
            control.execute(() -> publish(fresh));
        } catch (BadCertificateException | RuntimeException e) {
            control.execute(() -> failed(e));
        }
    }

    private void publish(IdentitySnapshot fresh) {
        Instant now = clock.instant();
        failures = 0;
        notice.renewed();
        renewAt = schedule.renewAt(now, fresh.notAfter(), random);
        metrics.renewed();
        log.info("certificate for {} is valid until {}, renewal at {}", fresh.id(), fresh.notAfter(), renewAt);
        synchronized (listeners) {
            current = fresh;
            for (Consumer<IdentitySnapshot> each : listeners) {
                each.accept(fresh);
            }
        }
        first.complete(fresh);
        sleep();
    }

    private void sleep() {
        Instant until = renewAt;
        if (until == null) {
            return;
        }
        Duration left = Duration.between(clock.instant(), until);
        if (left.isPositive()) {
            control.after(left.compareTo(LOOK_AT_CLOCK) < 0 ? left : LOOK_AT_CLOCK, this::sleep);
        } else {
            renewAt = null;
            work.execute(this::request);
        }
    }

    private void failed(Throwable cause) {
        failures++;
        IdentitySnapshot held = current;
        Duration left = held == null ? ttl : Duration.between(clock.instant(), held.notAfter());
        Duration wait = schedule.retryAfter(failures, left, random);
        CaException.Kind kind = cause instanceof CaException ca ? ca.kind() : CaException.Kind.INVALID;
        metrics.failed(kind);
        warn(String.valueOf(cause.getMessage()), wait);
        control.after(wait, () -> work.execute(this::request));
    }

    private void warn(String why, Duration wait) {
        IdentitySnapshot held = current;
        switch (notice.failed(clock.instant(), held == null ? null : held.notAfter())) {
            case null -> log.debug("no certificate: {}", why);
            case FailureNotice.Word.NoneYet() ->
                log.warn("no certificate yet: {}; next attempt in {} ms", why, wait.toMillis());
            case FailureNotice.Word.Serving(Duration left) ->
                log.warn(
                        "certificate not renewed: {}; the old one serves for another {} s, next attempt in {} ms",
                        why,
                        left.toSeconds(),
                        wait.toMillis());
            case FailureNotice.Word.Expired(Duration since) ->
                log.error(
                        "certificate expired {} s ago and not renewed: {}; connections are refused with"
                                + " own_certificate_expired, next attempt in {} ms",
                        since.toSeconds(),
                        why,
                        wait.toMillis());
        }
    }
}
