package io.tanja.lab.proof;

import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on one connection, with the evidence.
 *
 * @param client who opened it
 * @param server who was called
 * @param startNanos when its first packet was captured, nanoseconds since the epoch
 * @param begun whether the capture has its beginning; without it nothing can be proven
 * @param verdict what it was
 * @param why the evidence in one sentence
 * @param clientHello what the client offered, null without TLS
 * @param serverHello what the server chose, null without
 * @param bytes payload bytes by kind
 * @param clientBytes payload bytes from the client
 * @param serverBytes payload bytes from the server
 * @param found labels of known bytes that were found in clear
 * @param reset whether either end reset it
 * @param clientExcerpt the first bytes from the client
 * @param serverExcerpt the first bytes from the server
 */
public record ConnectionVerdict(
        InetSocketAddress client,
        InetSocketAddress server,
        long startNanos,
        boolean begun,
        Verdict verdict,
        String why,
        @Nullable ClientHello clientHello,
        @Nullable ServerHello serverHello,
        PayloadBytes bytes,
        long clientBytes,
        long serverBytes,
        Set<String> found,
        boolean reset,
        Excerpt clientExcerpt,
        Excerpt serverExcerpt) {

    /**
     * Payload bytes by kind; together all bytes of both directions.
     *
     * @param encrypted in encrypted TLS records
     * @param tlsClear TLS handshake, alerts and headers in clear
     * @param plaintext readable
     * @param opaque neither
     */
    public record PayloadBytes(long encrypted, long tlsClear, long plaintext, long opaque) {
        /** The sum of two counts. */
        public PayloadBytes plus(PayloadBytes other) {
            return new PayloadBytes(
                    encrypted + other.encrypted,
                    tlsClear + other.tlsClear,
                    plaintext + other.plaintext,
                    opaque + other.opaque);
        }
    }
}
