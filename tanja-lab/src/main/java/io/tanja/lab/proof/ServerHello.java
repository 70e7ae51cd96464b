package io.tanja.lab.proof;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a ServerHello shows in clear (RFC 8446, section 4.1.3).
 *
 * @param version the version chosen
 * @param cipher the cipher suite chosen
 * @param encrypts whether that suite encrypts at all
 * @param group the key exchange group chosen; null where the wire does not show it (TLS 1.2)
 * @param alpn the protocol chosen; null where the wire does not show it (TLS 1.3 encrypts it) or none was
 * @param retry whether it is a HelloRetryRequest
 */
public record ServerHello(
        String version,
        String cipher,
        boolean encrypts,
        @Nullable String group,
        @Nullable String alpn,
        boolean retry) {
    /** The random that marks a HelloRetryRequest (RFC 8446, section 4.1.3). */
    private static final byte[] RETRY_RANDOM =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    /** Reads the body of a ServerHello handshake message; null if it is not one. */
    static @Nullable ServerHello parse(ByteBuffer body) {
        try {
            int version = body.getShort() & 0xffff;
            byte[] random = new byte[32];
            body.get(random);
            TlsFields.skip8(body);
            int cipher = body.getShort() & 0xffff;
            body.get();
            String group = null;
            String alpn = null;
            ByteBuffer extensions = body.hasRemaining() ? TlsFields.vector16(body) : ByteBuffer.allocate(0);
            while (extensions.hasRemaining()) {
                int type = extensions.getShort() & 0xffff;
                ByteBuffer data = TlsFields.vector16(extensions);
                switch (type) {
                    case TlsFields.SUPPORTED_VERSIONS -> version = data.getShort() & 0xffff;
                    case TlsFields.KEY_SHARE -> group = TlsNames.group(data.getShort() & 0xffff);
                    case TlsFields.ALPN -> {
                        List<String> chosen = TlsFields.names(TlsFields.vector16(data));
                        alpn = chosen.isEmpty() ? null : chosen.getFirst();
                    }
                    default -> {}
                }
            }
            return new ServerHello(
                    TlsNames.version(version),
                    TlsNames.cipher(cipher),
                    !TlsNames.isNullCipher(cipher),
                    group,
                    alpn,
                    Arrays.equals(random, RETRY_RANDOM));
        } catch (BufferUnderflowException | IllegalArgumentException endsEarly) {
            return null;
        }
    }
}
