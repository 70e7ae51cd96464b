package io.tanja.lab.proof;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a ClientHello shows in clear (RFC 8446, section 4.1.2). Read independently of the proxy's own parser: the proof
 * must not share its mistakes.
 *
 * @param sni server name, null if none
 * @param alpn protocols offered, in order
 * @param versions versions offered, in order
 * @param ciphers cipher suites offered, in order
 * @param groups key exchange groups offered, in order
 */
public record ClientHello(
        @Nullable String sni, List<String> alpn, List<String> versions, List<String> ciphers, List<String> groups) {

    /** Reads the body of a ClientHello handshake message; null if it is not one. */
    static @Nullable ClientHello parse(ByteBuffer body) {
        try {
            body.position(body.position() + 2 + 32);
            TlsFields.skip8(body);
            List<String> ciphers = new ArrayList<>();
            ByteBuffer suites = TlsFields.vector16(body);
            while (suites.hasRemaining()) {
                add(ciphers, suites.getShort() & 0xffff, TlsNames::cipher);
            }
            TlsFields.skip8(body);
            return extensions(body.hasRemaining() ? TlsFields.vector16(body) : ByteBuffer.allocate(0), ciphers);
        } catch (BufferUnderflowException | IllegalArgumentException endsEarly) {
            return null;
        }
    }

    private static ClientHello extensions(ByteBuffer extensions, List<String> ciphers) {
        String sni = null;
        List<String> alpn = List.of();
        List<String> versions = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        while (extensions.hasRemaining()) {
            int type = extensions.getShort() & 0xffff;
            ByteBuffer data = TlsFields.vector16(extensions);
            switch (type) {
                case TlsFields.SERVER_NAME -> {
                    ByteBuffer names = TlsFields.vector16(data);
                    names.get();
                    sni = TlsFields.text(TlsFields.vector16(names));
                }
                case TlsFields.ALPN -> alpn = TlsFields.names(TlsFields.vector16(data));
                case TlsFields.SUPPORTED_GROUPS -> {
                    ByteBuffer ids = TlsFields.vector16(data);
                    while (ids.hasRemaining()) {
                        add(groups, ids.getShort() & 0xffff, TlsNames::group);
                    }
                }
                case TlsFields.SUPPORTED_VERSIONS -> {
                    ByteBuffer ids = TlsFields.vector8(data);
                    while (ids.hasRemaining()) {
                        add(versions, ids.getShort() & 0xffff, TlsNames::version);
                    }
                }
                default -> {}
            }
        }
        return new ClientHello(sni, alpn, List.copyOf(versions), List.copyOf(ciphers), List.copyOf(groups));
    }

    private static void add(List<String> names, int id, IntFunction<String> name) {
        if (!TlsNames.isGrease(id)) {
            names.add(name.apply(id));
        }
    }
}
