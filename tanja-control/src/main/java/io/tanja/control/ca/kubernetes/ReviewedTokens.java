package io.tanja.control.ca.kubernetes;

import io.tanja.control.ca.AuthenticationResult.Authenticated;
import io.tanja.pki.pem.Certificates;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were found good a moment ago: a proxy that connects calls twice, for its certificate and its configuration.
 * Refusals are never kept, and a token outlives its pod by this moment only. Holds digests, not tokens. Its lock guards it.
 */
final class ReviewedTokens {
    static final Duration LIFE = Duration.ofSeconds(10);
    static final int MAX = 10_000;

    private record Entry(Authenticated result, long until) {}

    private final LongSupplier nanoTime;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    ReviewedTokens(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized @Nullable Authenticated get(String token) {
        Entry entry = entries.get(digest(token));
        return entry == null || nanoTime.getAsLong() - entry.until >= 0 ? null : entry.result;
    }

    synchronized void put(String token, Authenticated result) {
        long now = nanoTime.getAsLong();
        // All live equally long, so that the oldest come first.
        entries.values().removeIf(entry -> now - entry.until >= 0);
        if (entries.size() < MAX) {
            entries.put(digest(token), new Entry(result, now + LIFE.toNanos()));
        }
    }

    private static String digest(String token) {
        return HexFormat.of().formatHex(Certificates.sha256(token.getBytes(StandardCharsets.UTF_8)));
    }
}
