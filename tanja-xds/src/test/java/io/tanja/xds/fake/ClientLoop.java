package io.tanja.xds.fake;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.tanja.xds.grpc.ControlPlaneTls;
import io.tanja.xds.grpc.GrpcConnector;
import io.tanja.xds.grpc.GrpcSettings;
import io.tanja.xds.grpc.GrpcTarget;
import io.tanja.xds.grpc.HostResolver;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** One event loop for clients under test. Closing it fails if the test has leaked a buffer. */
public final class ClientLoop implements AutoCloseable {
    /** Short enough for tests, long enough for a busy machine. */
    public static final GrpcSettings SETTINGS =
            new GrpcSettings(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(10), 64 << 20);

    private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

    static {
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + " " + records));
    }

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    /** The loop. */
    public EventLoop loop() {
        return group.next();
    }

    /** A connector to a fake, with the standard provider. */
    public GrpcConnector to(FakeControlPlane fake) {
        return to(fake.target(), fake.rootPem(), SETTINGS, ControlPlaneTls.provider());
    }

    /** A connector of any kind. */
    public GrpcConnector to(GrpcTarget target, byte[] rootPem, GrpcSettings settings, SslProvider provider) {
        try {
            SslContext tls = ControlPlaneTls.client(rootPem, provider);
            return new GrpcConnector(loop(), NioSocketChannel::new, target, () -> tls, HostResolver.SYSTEM, settings);
        } catch (SSLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (!group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the event loop does not stop");
        }
        // The detector reports a lost buffer when the next one is tracked after a collection.
        System.gc();
        ByteBufAllocator.DEFAULT.buffer(1).release();
        if (!LEAKS.isEmpty()) {
            throw new AssertionError("leaked buffers: " + LEAKS);
        }
    }
}
