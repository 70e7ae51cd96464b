package io.tanja.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.SSL;
import io.tanja.pki.csr.KeyPairs;
import io.tanja.pki.pem.Certificates;
import io.tanja.proxy.identity.IdentitySnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** TLS by BoringSSL: what Envoy uses, and the only provider with X25519MLKEM768. */
public final class BoringTls implements TlsProvider {
    private final Duration handshakeTimeout;

    /** Makes a provider; a handshake that takes longer than the time-out fails. */
    public BoringTls(Duration handshakeTimeout) {
        this.handshakeTimeout = handshakeTimeout;
    }

    /** Whether the native library can be loaded on this machine. */
    public static boolean isAvailable() {
        return OpenSsl.isAvailable();
    }

    @Override
    public Ends open(IdentitySnapshot snapshot) {
        OpenSsl.ensureAvailability();
        return new BoringEnds(snapshot);
    }

    @Override
    public String toString() {
        return "BoringSSL";
    }

    /** The parsed key and chain of one identity. Each connection takes its own reference to both. */
    private final class BoringEnds implements Ends {
        private final long chain;
        private final long key;

        BoringEnds(IdentitySnapshot snapshot) {
            try {
                chain = withBio(Certificates.pem(snapshot.chain()), SSL::parseX509Chain);
                key = withBio(KeyPairs.pem(snapshot.key()), bio -> SSL.parsePrivateKey(bio, null));
            } catch (Exception e) {
                throw new IllegalStateException("BoringSSL refuses the identity of " + snapshot.id(), e);
            }
        }

        @Override
        public TlsEnd client(ByteBufAllocator allocator, PeerCheck check, String sni, List<String> alpn) {
            long ssl = open(false, alpn, check);
            SSL.setTlsExtHostName(ssl, sni);
            return new TlsHandler(new BoringMachine(allocator, ssl), true, handshakeTimeout);
        }

        @Override
        public TlsEnd server(ByteBufAllocator allocator, PeerCheck check, List<String> alpn) {
            return new TlsHandler(new BoringMachine(allocator, open(true, alpn, check)), false, handshakeTimeout);
        }

        private long open(boolean server, List<String> alpn, PeerCheck check) {
            long ssl = BoringContexts.open(server, alpn, check);
            try {
                SSL.setKeyMaterial(ssl, chain, key);
            } catch (Exception e) {
                BoringContexts.forget(ssl);
                SSL.freeSSL(ssl);
                throw new IllegalStateException("BoringSSL refuses the key", e);
            }
            return ssl;
        }

        @Override
        public void close() {
            SSL.freeX509Chain(chain);
            SSL.freePrivateKey(key);
        }
    }

    private interface Parser {
        long parse(long bio) throws Exception;
    }

    private static long withBio(String pem, Parser parser) throws Exception {
        byte[] text = pem.getBytes(StandardCharsets.US_ASCII);
        ByteBuf direct = Unpooled.directBuffer(text.length).writeBytes(text);
        long bio = SSL.newMemBIO();
        try {
            SSL.bioWrite(bio, direct.memoryAddress(), text.length);
            return parser.parse(bio);
        } finally {
            SSL.freeBIO(bio);
            // The key was in it.
            direct.setZero(0, direct.capacity());
            direct.release();
        }
    }
}
