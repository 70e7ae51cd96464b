package io.tanja.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.tanja.proxy.identity.IdentitySnapshot;
import java.util.List;

/** A TLS implementation. */
public interface TlsProvider {
    /** The TLS 1.2 suites that Istio's proxies accept; TLS 1.3 has its own (section 9.1 of RFC 8446). */
    List<String> TLS12_SUITES = List.of(
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_RSA_WITH_AES_128_GCM_SHA256");

    /** Prepares TLS with one identity. */
    Ends open(IdentitySnapshot snapshot);

    /** Makes the ends of connections that have one identity. Safe for use by many threads. */
    interface Ends extends AutoCloseable {
        /**
         * The calling end.
         *
         * @param check judges the server inside the handshake
         * @param sni the server name to send
         * @param alpn the protocols to offer, in order
         */
        TlsEnd client(ByteBufAllocator allocator, PeerCheck check, String sni, List<String> alpn);

        /**
         * The called end; it requires a certificate of the caller.
         *
         * @param check judges the caller inside the handshake
         * @param alpn the protocols to select from, in order; none is selected if the caller offers no one of them
         */
        TlsEnd server(ByteBufAllocator allocator, PeerCheck check, List<String> alpn);

        /** Gives native memory back as soon as the last connection made here is gone. */
        @Override
        void close();
    }
}
