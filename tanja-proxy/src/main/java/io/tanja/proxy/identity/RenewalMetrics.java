package io.tanja.proxy.identity;

import io.tanja.proxy.observe.Exposition;
import io.tanja.proxy.observe.Labels;
import io.tanja.proxy.observe.MetricSource;
import io.tanja.xds.ca.CaException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Figures on the proxy's certificate. Written by the control loop, read by any thread. */
public final class RenewalMetrics implements MetricSource {
    private final IdentitySource source;
    private final InstantSource clock;
    private final AtomicLong renewed = new AtomicLong();
    private final Map<CaException.Kind, AtomicLong> failed = new EnumMap<>(CaException.Kind.class);
    private volatile CaException.@Nullable Kind lastError;

    RenewalMetrics(IdentitySource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
        for (CaException.Kind kind : CaException.Kind.values()) {
            failed.put(kind, new AtomicLong());
        }
    }

    void renewed() {
        renewed.getAndIncrement();
        lastError = null;
    }

    void failed(CaException.Kind kind) {
        AtomicLong count = failed.get(kind);
        if (count != null) {
            count.getAndIncrement();
        }
        lastError = kind;
    }

    /** Why the last attempt failed, or null if it did not. */
    public CaException.@Nullable Kind lastError() {
        return lastError;
    }

    @Override
    public void write(Exposition out) {
        IdentitySnapshot held = source.current();
        if (held != null) {
            out.single(
                    "tanja_certificate_expiry_seconds",
                    Exposition.Type.GAUGE,
                    "Time until this proxy's certificate expires; negative when it is expired.",
                    Duration.between(clock.instant(), held.notAfter()).toSeconds());
        }
        out.family(
                "tanja_certificate_renewals_total",
                Exposition.Type.COUNTER,
                "Attempts to get a certificate, by how they ended.");
        out.sample("tanja_certificate_renewals_total", "result=\"success\"", renewed.get());
        for (Map.Entry<CaException.Kind, AtomicLong> each : failed.entrySet()) {
            String result = each.getKey().name().toLowerCase(Locale.ROOT);
            out.sample(
                    "tanja_certificate_renewals_total",
                    new Labels().add("result", result).toString(),
                    each.getValue().get());
        }
        out.single(
                "tanja_certificate_renewal_failing",
                Exposition.Type.GAUGE,
                "1 while the last attempt to get a certificate has failed, else 0.",
                lastError == null ? 0 : 1);
    }
}
