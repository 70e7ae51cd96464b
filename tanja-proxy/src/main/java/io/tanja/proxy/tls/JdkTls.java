package io.tanja.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.tanja.proxy.identity.IdentitySnapshot;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;

/**
 * TLS of the JDK: the fallback where BoringSSL's native library does not load. It has no X25519MLKEM768.
 *
 * <p>Each connection has a context of its own, so that no session is ever resumed past the check of the peer.
 */
public final class JdkTls implements TlsProvider {
    private static final String IGNORED_BY_SERVER = "jdk.tls.server.disableExtensions";

    static {
        // JSSE's server aborts on the underscores of Istio's server names. It has no use for the name: we have read it
        // ourselves. Takes effect only before JSSE's first handshake.
        if (System.getProperty(IGNORED_BY_SERVER) == null) {
            System.setProperty(IGNORED_BY_SERVER, "server_name");
        }
    }

    private final Duration handshakeTimeout;

    /** Makes a provider; a handshake that takes longer than the time-out fails. */
    public JdkTls(Duration handshakeTimeout) {
        this.handshakeTimeout = handshakeTimeout;
    }

    @Override
    public Ends open(IdentitySnapshot snapshot) {
        return new JdkEnds(new SingleKeyManager(snapshot));
    }

    @Override
    public String toString() {
        return "JDK";
    }

    private final class JdkEnds implements Ends {
        private final KeyManager keys;

        JdkEnds(KeyManager keys) {
            this.keys = keys;
        }

        @Override
        public TlsEnd client(ByteBufAllocator allocator, PeerCheck check, String sni, List<String> alpn) {
            SSLEngine engine = engine(check);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setApplicationProtocols(alpn.toArray(String[]::new));
            parameters.setServerNames(List.of(new RawServerName(sni)));
            engine.setSSLParameters(parameters);
            return new TlsHandler(new JdkMachine(allocator, engine), true, handshakeTimeout);
        }

        @Override
        public TlsEnd server(ByteBufAllocator allocator, PeerCheck check, List<String> alpn) {
            SSLEngine engine = engine(check);
            engine.setUseClientMode(false);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            parameters.setCipherSuites(suites());
            parameters.setNeedClientAuth(true);
            engine.setSSLParameters(parameters);
            // A list without overlap would be fatal to JSSE; Istio's servers then just select none (RFC 7301 allows
            // both).
            engine.setHandshakeApplicationProtocolSelector((e, offered) ->
                    alpn.stream().filter(offered::contains).findFirst().orElse(""));
            return new TlsHandler(new JdkMachine(allocator, engine), false, handshakeTimeout);
        }

        private SSLEngine engine(PeerCheck check) {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(new KeyManager[] {keys}, new TrustManager[] {new CheckingTrustManager(check)}, null);
                return context.createSSLEngine();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no TLS", e);
            }
        }

        @Override
        public void close() {
            // Nothing native to give back.
        }
    }

    private static String[] suites() {
        String[] tls13 = {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"};
        return Stream.concat(Arrays.stream(tls13), TLS12_SUITES.stream()).toArray(String[]::new);
    }

    /** A host name as it stands: {@code SNIHostName} refuses the underscores of Istio's server names. */
    private static final class RawServerName extends SNIServerName {
        RawServerName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
