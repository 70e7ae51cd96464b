package io.tanja.proxy.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.tanja.model.identity.Quote;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import io.tanja.proxy.identity.IdentitySnapshot;
import io.tanja.proxy.tls.IdentityTls;
import io.tanja.proxy.tls.PeerCheck;
import io.tanja.proxy.tls.PeerJudge;
import io.tanja.proxy.tls.TlsEnd;
import io.tanja.proxy.tls.TlsFailure;
import io.tanja.proxy.upstream.UpstreamSecurity.MeshTls;
import io.tanja.proxy.upstream.UpstreamSecurity.Plain;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connects by epoll sockets. Safe for use by all event loops. */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
public final class NettyConnector implements Connector {
    private final IdentityTls tls;
    private final PeerJudge judge;
    private final Bootstrap template;
    private final Duration timeout;

    /**
     * Makes a connector.
     *
     * @param timeout for the TCP handshake; TLS has its own
     * @param mark the firewall mark of all sockets, 0 for none; needs CAP_NET_ADMIN
     */
    public NettyConnector(IdentityTls tls, PeerJudge judge, Duration timeout, int mark) {
        this.tls = tls;
        this.judge = judge;
        this.timeout = timeout;
        this.template = new Bootstrap()
                .channelFactory(new SocketMark(mark)::open)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) timeout.toMillis())
                // Binding to 127.0.0.6 must not take one local port for all destinations at once.
                .option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // The caller fills the pipeline when the connection is ready.
                    }

                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                });
    }

    @Override
    public Future<ConnectedChannel> connect(EventLoop loop, Upstream upstream) {
        Promise<ConnectedChannel> promise = loop.newPromise();
        InetSocketAddress from = upstream.bind() == null ? null : new InetSocketAddress(upstream.bind(), 0);
        template.clone(loop).connect(upstream.address(), from).addListener((ChannelFuture tcp) -> {
            if (!tcp.isSuccess()) {
                promise.tryFailure(connectFailure(upstream, tcp.cause()));
                return;
            }
            switch (upstream.security()) {
                case Plain(var why) ->
                    promise.trySuccess(new ConnectedChannel(tcp.channel(), new TransportSecurity.Plaintext(why)));
                case MeshTls security -> secure(tcp.channel(), upstream, security, promise);
            }
        });
        return promise;
    }

    private void secure(Channel channel, Upstream upstream, MeshTls security, Promise<ConnectedChannel> promise) {
        try {
            tls.with((identity, ends) -> {
                PeerCheck check = judge.server(identity, security.expected());
                TlsEnd end = ends.client(channel.alloc(), check, security.sni(), security.alpn());
                handshake(channel, upstream, identity, check, end, promise);
                return end;
            });
        } catch (ConnectException e) {
            channel.close();
            promise.tryFailure(e);
        }
    }

    private static void handshake(
            Channel channel,
            Upstream upstream,
            IdentitySnapshot identity,
            PeerCheck check,
            TlsEnd end,
            Promise<ConnectedChannel> promise) {
        Future<TlsEnd.Session> done = end.install(channel.pipeline());
        channel.config().setAutoRead(true);
        done.addListener((Future<TlsEnd.Session> f) -> {
            channel.config().setAutoRead(false);
            SpiffeId peer = check.peer();
            if (f.isSuccess() && peer != null) {
                TlsEnd.Session session = f.getNow();
                promise.trySuccess(new ConnectedChannel(
                        channel,
                        new TransportSecurity.Mutual(
                                peer, identity.id(), session.version(), session.cipher(), session.group())));
            } else {
                TlsFailure failure = check.failure(f.cause());
                promise.tryFailure(
                        new ConnectException(failure.refusal(), text(upstream.address()) + ": " + failure.detail()));
            }
        });
    }

    private ConnectException connectFailure(Upstream upstream, @Nullable Throwable cause) {
        String to = text(upstream.address());
        if (cause instanceof ConnectTimeoutException) {
            return new ConnectException(
                    Refusal.CONNECT_TIMEOUT, to + " did not answer within " + timeout.toMillis() + " ms");
        }
        String said = Quote.printable(String.valueOf(cause == null ? null : cause.getMessage()));
        if (cause instanceof java.net.ConnectException && said.contains("refused")) {
            return new ConnectException(Refusal.CONNECT_REFUSED, to + " refused the connection");
        }
        String bound = upstream.bind() == null
                ? ""
                : " from " + upstream.bind().getHostAddress() + " (tanja redirect puts ::6 on the loopback interface)";
        return new ConnectException(Refusal.CONNECT_FAILED, to + bound + ": " + said);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
