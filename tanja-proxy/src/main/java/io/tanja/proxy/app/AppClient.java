package io.tanja.proxy.app;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.tanja.model.identity.Quote;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Connections to the application, each for one question. They leave from the address that the redirect exempts, so that
 * they reach the application and not the proxy. Used on its event loop only, which carries no traffic.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails is told to its listener.
public final class AppClient {
    private final EventLoop loop;
    private final ChannelFactory<? extends Channel> sockets;
    private final AppAddress address;
    private final SslProvider provider;
    private @Nullable SslContext tls;

    /**
     * Makes a client.
     *
     * @param loop the event loop of all connections
     * @param sockets makes client sockets that fit the loop
     * @param provider who does the TLS of HTTPS probes
     */
    public AppClient(
            EventLoop loop, ChannelFactory<? extends Channel> sockets, AppAddress address, SslProvider provider) {
        this.loop = loop;
        this.sockets = sockets;
        this.address = address;
        this.provider = provider;
    }

    EventLoop loop() {
        return loop;
    }

    ChannelFactory<? extends Channel> sockets() {
        return sockets;
    }

    AppAddress address() {
        return address;
    }

    /** Asks at the pod's address, as the kubelet would; by HTTPS without looking at the certificate, as it does too. */
    HttpCall ask(int port, boolean https, HttpRequest request, Duration timeout, HttpCall.Listener listener) {
        return ask(address.pod(), address.source(), port, https, request, timeout, listener);
    }

    /** Asks at the loopback address, as Istio does for metrics. */
    HttpCall askLocally(int port, HttpRequest request, Duration timeout, HttpCall.Listener listener) {
        return ask(address.loopback(), null, port, false, request, timeout, listener);
    }

    private HttpCall ask(
            InetAddress to,
            @Nullable SocketAddress from,
            int port,
            boolean https,
            HttpRequest request,
            Duration timeout,
            HttpCall.Listener listener) {
        HttpCall call = new HttpCall(request, listener);
        connect(to, from, port, timeout, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) throws SSLException {
                        call.on(channel, timeout);
                        if (https) {
                            channel.pipeline().addLast(tls().newHandler(channel.alloc()));
                        }
                        channel.pipeline().addLast(new HttpClientCodec(), call);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        ctx.close();
                        call.fail("TLS is not to be had: " + Quote.printable(String.valueOf(cause.getMessage())));
                    }
                })
                .addListener((ChannelFuture connected) -> {
                    if (!connected.isSuccess()) {
                        call.fail(reason(connected.cause()));
                    }
                });
        return call;
    }

    /** Connects to the pod's address and says nothing. */
    ChannelFuture connect(int port, Duration timeout) {
        return connect(address.pod(), address.source(), port, timeout, new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                // Whoever only connects has nothing to handle.
            }
        });
    }

    private ChannelFuture connect(
            InetAddress to,
            @Nullable SocketAddress from,
            int port,
            Duration timeout,
            ChannelInitializer<Channel> pipeline) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(sockets)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
                .handler(pipeline)
                .connect(new InetSocketAddress(to, port), from);
    }

    static String reason(Throwable cause) {
        return Quote.printable(String.valueOf(cause.getMessage()));
    }

    private SslContext tls() throws SSLException {
        SslContext made = tls;
        if (made == null) {
            made = SslContextBuilder.forClient()
                    .sslProvider(provider)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm(null)
                    .build();
            tls = made;
        }
        return made;
    }
}
