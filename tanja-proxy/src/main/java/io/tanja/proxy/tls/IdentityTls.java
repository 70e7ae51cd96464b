package io.tanja.proxy.tls;

import io.tanja.model.security.Refusal;
import io.tanja.proxy.identity.IdentitySnapshot;
import io.tanja.proxy.identity.IdentitySource;
import io.tanja.proxy.upstream.ConnectException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps TLS ready for the newest identity. A new identity replaces the old one by one reference; connections go on with
 * what they started with. Written by the thread that publishes identities, read by event loops.
 */
public final class IdentityTls {
    private final TlsProvider provider;
    private final InstantSource time;
    private final AtomicLong generation = new AtomicLong();
    private volatile @Nullable Held current;

    /** Follows {@code identities} from now on. */
    public IdentityTls(TlsProvider provider, IdentitySource identities, InstantSource time) {
        this.provider = provider;
        this.time = time;
        identities.subscribe(this::swap);
    }

    private synchronized void swap(IdentitySnapshot snapshot) {
        Held old = current;
        current = new Held(snapshot, provider.open(snapshot));
        generation.incrementAndGet();
        if (old != null) {
            old.release();
        }
    }

    /** A number that changes with each identity. */
    public long generation() {
        return generation.get();
    }

    /**
     * Makes an end with the newest identity.
     *
     * @throws ConnectException if there is no identity yet, or it has expired: never a reason for plaintext
     */
    public <T> T with(BiFunction<IdentitySnapshot, TlsProvider.Ends, T> make) throws ConnectException {
        while (true) {
            Held held = current;
            if (held == null) {
                throw new ConnectException(
                        Refusal.OWN_CERTIFICATE_MISSING, "no certificate has been issued to this proxy yet");
            }
            if (!time.instant().isBefore(held.snapshot.notAfter())) {
                throw new ConnectException(
                        Refusal.OWN_CERTIFICATE_EXPIRED,
                        "the certificate of " + held.snapshot.id() + " expired at " + held.snapshot.notAfter()
                                + " and could not be renewed");
            }
            if (held.retain()) {
                try {
                    return make.apply(held.snapshot, held.ends);
                } finally {
                    held.release();
                }
            }
        }
    }

    /** Closes what is held; nothing can be made afterwards. */
    public synchronized void close() {
        Held old = current;
        current = null;
        if (old != null) {
            old.release();
        }
    }

    /** Counts users, so that a swap never closes what another thread is making an end from. */
    private static final class Held {
        private final IdentitySnapshot snapshot;
        private final TlsProvider.Ends ends;
        private final AtomicInteger users = new AtomicInteger(1);

        Held(IdentitySnapshot snapshot, TlsProvider.Ends ends) {
            this.snapshot = snapshot;
            this.ends = ends;
        }

        boolean retain() {
            return users.getAndUpdate(n -> n == 0 ? 0 : n + 1) > 0;
        }

        void release() {
            if (users.decrementAndGet() == 0) {
                ends.close();
            }
        }
    }
}
