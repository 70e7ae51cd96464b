package io.tanja.proxy.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts values in Envoy's default buckets. Safe for use by many threads. */
final class Histogram {
    /** Upper bounds of the buckets, as Envoy's {@code stats_config.histogram_bucket_settings} has them by default. */
    private static final double[] BOUNDS = {
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000,
        3_600_000
    };

    private static final String[] TEXT = {
        "0.5", "1", "5", "10", "25", "50", "100", "250", "500", "1000", "2500", "5000", "10000", "30000", "60000",
        "300000", "600000", "1800000", "3600000"
    };

    private final int scale;
    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
    private final AtomicLong sum = new AtomicLong();

    private Histogram(int scale) {
        this.scale = scale;
    }

    /** For sizes in bytes. */
    static Histogram ofBytes() {
        return new Histogram(1);
    }

    /** For times that are recorded in microseconds and shown in milliseconds. */
    static Histogram ofMicroseconds() {
        return new Histogram(1000);
    }

    void record(long value) {
        int i = 0;
        while (i < BOUNDS.length && value > BOUNDS[i] * scale) {
            i++;
        }
        counts.getAndIncrement(i);
        sum.getAndAdd(value);
    }

    void write(Exposition out, String name, String labels) {
        long cumulative = 0;
        for (int i = 0; i < TEXT.length; i++) {
            cumulative += counts.get(i);
            out.bucket(name, labels, TEXT[i], cumulative);
        }
        cumulative += counts.get(TEXT.length);
        out.bucket(name, labels, "+Inf", cumulative);
        out.sum(name, labels, sum.get(), scale);
        out.count(name, labels, cumulative);
    }
}
