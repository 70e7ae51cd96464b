package io.tanja.control.admit;

import io.fabric8.kubernetes.client.VersionInfo;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether all kubelets have sidecar containers (init containers with {@code restartPolicy: Always}), by the API server's
 * version: from 1.33 on it has them for good, and a kubelet is at most three minor versions older, where they are on by
 * default. The answer is kept for a while. Its lock guards it.
 */
public final class NativeSidecars implements BooleanSupplier {
    private static final Logger LOG = LoggerFactory.getLogger(NativeSidecars.class);
    private static final int SINCE_MINOR = 33;
    /** Within it an upgrade of the cluster is noticed. */
    private static final long KEEP_NANOS = Duration.ofMinutes(10).toNanos();

    private final Supplier<VersionInfo> version;
    private final LongSupplier nanoTime;
    private boolean known;
    private boolean last;
    private long askedAt;

    /**
     * Makes one; nothing is asked yet.
     *
     * @param version asks the API server; throws if it does not answer
     * @param nanoTime a monotonic clock in nanoseconds
     */
    public NativeSidecars(Supplier<VersionInfo> version, LongSupplier nanoTime) {
        this.version = version;
        this.nanoTime = nanoTime;
    }

    /** @throws RuntimeException if the API server does not answer and never has */
    @Override
    public synchronized boolean getAsBoolean() {
        long now = nanoTime.getAsLong();
        if (known && now - askedAt < KEEP_NANOS) {
            return last;
        }
        try {
            VersionInfo info = version.get();
            boolean has = has(info);
            if (!known || has != last) {
                LOG.info("sidecars native={} kubernetes={}.{}", has, info.getMajor(), info.getMinor());
            }
            last = has;
            known = true;
        } catch (RuntimeException e) {
            if (!known) {
                throw new IllegalStateException("the API server does not tell its version: " + e.getMessage(), e);
            }
            LOG.warn("the API server does not tell its version, what it was holds reason=\"{}\"", e.getMessage());
        }
        askedAt = now;
        return last;
    }

    private static boolean has(VersionInfo info) {
        int major = number(info.getMajor());
        return major > 1 || major == 1 && number(info.getMinor()) >= SINCE_MINOR;
    }

    /** The digits that it begins with: managed clusters write {@code 33+}. */
    private static int number(String text) {
        int end = 0;
        while (text != null && end < text.length() && end < 4 && Character.digit(text.charAt(end), 10) >= 0) {
            end++;
        }
        if (end == 0) {
            throw new IllegalStateException("it answers without a number");
        }
        return Integer.parseInt(text.substring(0, end));
    }
}
