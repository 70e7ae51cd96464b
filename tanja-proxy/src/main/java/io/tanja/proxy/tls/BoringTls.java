package io.tanja.proxy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import io.tanja.proxy.identity.IdentitySnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** TLS by BoringSSL: what Envoy uses, and the only provider with X25519MLKEM768. */
public final class BoringTls implements TlsProvider {
    /** Post-quantum first; the classical groups for peers without it. */
    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256"};

    private final Duration handshakeTimeout;

    /** Makes a provider; a handshake that takes longer than the time-out fails. */
    public BoringTls(Duration handshakeTimeout) {
        this.handshakeTimeout = handshakeTimeout;
    }

    @Override
    public Ends open(IdentitySnapshot snapshot) {
        return new BoringEnds(snapshot);
    }

    @Override
    public String toString() {
        return "BoringSSL";
    }

    /** A native context for each role and protocol list, made when first needed: there are few lists. */
    private final class BoringEnds implements Ends {
        private final IdentitySnapshot snapshot;
        private final Map<List<String>, SslContext> clients = new ConcurrentHashMap<>();
        private final Map<List<String>, SslContext> servers = new ConcurrentHashMap<>();
        private final Map<SSLEngine, PeerCheck> checks = new ConcurrentHashMap<>();

        BoringEnds(IdentitySnapshot snapshot) {
            this.snapshot = snapshot;
        }

        @Override
        public TlsEnd client(ByteBufAllocator allocator, PeerCheck check, String sni, List<String> alpn) {
            SslContext context = clients.computeIfAbsent(alpn, this::clientContext);
            SSLEngine engine = context.newEngine(allocator);
            // Straight to the library: the JDK's SNIHostName refuses the underscores of Istio's server names.
            SSL.setTlsExtHostName(((ReferenceCountedOpenSslEngine) engine).sslPointer(), sni);
            return end(engine, check);
        }

        @Override
        public TlsEnd server(ByteBufAllocator allocator, PeerCheck check, List<String> alpn) {
            SslContext context = servers.computeIfAbsent(alpn, this::serverContext);
            return end(context.newEngine(allocator), check);
        }

        private TlsEnd end(SSLEngine engine, PeerCheck check) {
            checks.put(engine, check);
            SslHandler handler = new SslHandler(engine);
            handler.handshakeFuture().addListener(f -> checks.remove(engine));
            return new SslHandlerEnd(handler, handshakeTimeout, BoringTls::group);
        }

        private SslContext clientContext(List<String> alpn) {
            return build(SslContextBuilder.forClient().keyManager(keys()), alpn);
        }

        private SslContext serverContext(List<String> alpn) {
            return build(SslContextBuilder.forServer(keys()).clientAuth(ClientAuth.REQUIRE), alpn);
        }

        private OpenSslCachingX509KeyManagerFactory keys() {
            return new OpenSslCachingX509KeyManagerFactory(
                    new KeyManagerFactoryWrapper(new SingleKeyManager(snapshot)));
        }

        private SslContext build(SslContextBuilder builder, List<String> alpn) {
            try {
                return builder.sslProvider(SslProvider.OPENSSL_REFCNT)
                        .trustManager(new CheckingTrustManager(checks::get))
                        .endpointIdentificationAlgorithm(null)
                        .protocols("TLSv1.3", "TLSv1.2")
                        .ciphers(suites())
                        .option(OpenSslContextOption.GROUPS, GROUPS)
                        .option(OpenSslContextOption.USE_TASKS, false)
                        .sessionCacheSize(0)
                        .applicationProtocolConfig(new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                alpn))
                        .build();
            } catch (SSLException e) {
                throw new IllegalStateException("BoringSSL refuses the identity of " + snapshot.id(), e);
            }
        }

        @Override
        public void close() {
            // Each engine holds on to its context, so a handshake that is under way ends as it began.
            clients.values().forEach(ReferenceCountUtil::release);
            servers.values().forEach(ReferenceCountUtil::release);
        }
    }

    private static List<String> suites() {
        return Stream.concat(
                        Stream.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"),
                        TLS12_SUITES.stream())
                .toList();
    }

    private static String group(SSLEngine engine) {
        try {
            String name = SSL.getGroupName(((ReferenceCountedOpenSslEngine) engine).sslPointer());
            return name == null ? "?" : name;
        } catch (Exception e) {
            // The name is for people only; a connection does not fail for it.
            return "?";
        }
    }
}
