package io.tanja.proxy.detect;

/**
 * What has to be known of a connection before its fate can be decided. The fewer, the earlier its bytes move on.
 *
 * @param tls whether TLS matters
 * @param http whether plain HTTP is to be told from other bytes
 * @param mayBeSilent whether nothing within the detection time-out is an answer, too (server-first protocols)
 */
public record Question(boolean tls, boolean http, boolean mayBeSilent) {
    /** Whether there is anything to look at. */
    public boolean needsBytes() {
        return tls || http;
    }
}
