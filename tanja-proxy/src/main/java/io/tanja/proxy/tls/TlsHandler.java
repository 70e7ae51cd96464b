package io.tanja.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TLS connection in a pipeline. In place of Netty's SslHandler, since that cannot end one direction and keep
 * the other, which TCP proxies must. One writer: the channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
final class TlsHandler extends ChannelDuplexHandler implements TlsEnd, TlsMachine.Output {
    /** How long a peer that does not read may delay the close by not taking our close_notify. */
    private static final long MAX_CLOSE_MILLIS = 3000;

    /** How long a peer that was refused may go on sending. */
    private static final long LINGER_MILLIS = 1000;

    private final TlsMachine machine;
    private final boolean client;
    private final Duration timeout;
    private final WriteQueue queue = new WriteQueue();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Promise<Session> handshake;
    private @Nullable Future<?> timer;
    private boolean handshaken;
    private boolean failed;
    private boolean outputEnded;
    private boolean inputEnded;
    private boolean needsFlush;

    TlsHandler(TlsMachine machine, boolean client, Duration timeout) {
        this.machine = machine;
        this.client = client;
        this.timeout = timeout;
    }

    @Override
    public Future<Session> install(ChannelPipeline pipeline) {
        Promise<Session> promise = pipeline.channel().eventLoop().newPromise();
        handshake = promise;
        pipeline.channel().attr(KEY).set(this);
        pipeline.addLast("tls", this);
        return promise;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        timer = ctx.executor()
                .schedule(
                        () -> fail(ctx, new HandshakeTimeoutException(timeout)),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
        if (client) {
            try {
                machine.begin(this);
                flushIfNeeded(ctx);
            } catch (SSLException e) {
                fail(ctx, e);
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        if (failed) {
            bytes.release();
            return;
        }
        try {
            machine.receive(bytes, this);
        } catch (SSLException e) {
            fail(ctx, e);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        flushIfNeeded(ctx);
        ctx.fireChannelReadComplete();
    }

    @Override
    public void plaintext(ByteBuf bytes) {
        ctx().fireChannelRead(bytes);
    }

    @Override
    public void ciphertext(ByteBuf bytes) {
        needsFlush = true;
        ctx().write(bytes, ctx().voidPromise());
    }

    @Override
    public void handshaken(Session session) {
        handshaken = true;
        stopTimer();
        ChannelHandlerContext ctx = ctx();
        flushIfNeeded(ctx);
        Promise<Session> promise = handshake;
        if (promise != null) {
            promise.trySuccess(session);
        }
        if (!ctx.isRemoved()) {
            flush(ctx);
        }
    }

    @Override
    public void inputEnded() {
        if (!inputEnded) {
            inputEnded = true;
            ctx().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) msg;
        if (failed || outputEnded) {
            bytes.release();
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        queue.add(bytes, promise);
        // Encrypted at once when it fills a record, so that the channel's writability counts it.
        if (handshaken && queue.fillsRecord()) {
            encrypt(ctx);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (handshaken && !failed) {
            encrypt(ctx);
        }
        needsFlush = false;
        ctx.flush();
    }

    private void encrypt(ChannelHandlerContext ctx) {
        try {
            queue.drain(ctx, machine);
        } catch (SSLException e) {
            fail(ctx, e);
        }
    }

    @Override
    public void endOutput() {
        ChannelHandlerContext ctx = ctx();
        if (!outputEnded && handshaken && !failed && !ctx.isRemoved()) {
            encrypt(ctx);
            outputEnded = true;
            sendEnd();
            flushIfNeeded(ctx);
        }
    }

    private void sendEnd() {
        try {
            machine.endOutput(this);
        } catch (SSLException e) {
            // The connection is broken already; its end needs no announcement.
            failed = true;
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (failed || !handshaken || !ctx.channel().isActive()) {
            ctx.close(promise);
            return;
        }
        endOutput();
        // An empty write is done when the close_notify before it is, or has failed.
        ctx.writeAndFlush(ctx.alloc().buffer(0)).addListener(f -> closeNow(ctx, promise));
        Future<?> patience =
                ctx.executor().schedule(() -> closeNow(ctx, promise), MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        promise.addListener(f -> patience.cancel(false));
    }

    private static void closeNow(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!promise.isDone()) {
            ctx.close(promise);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (failed) {
                ctx.close();
            } else if (!handshaken) {
                fail(ctx, new TruncatedException("the peer closed the connection in the middle of the handshake"));
            } else if (!inputEnded) {
                // FIN without close_notify: the data may be cut off, which nobody must take for its end.
                fail(ctx, new TruncatedException("the connection ended without close_notify"));
            }
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!handshaken) {
            failHandshake(new TruncatedException("the connection broke in the middle of the handshake"));
        }
        failed = true;
        stopTimer();
        queue.fail(new ClosedChannelException());
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (handshaken) {
            ctx.fireExceptionCaught(cause);
        } else {
            fail(ctx, cause);
        }
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        if (failed || ctx.isRemoved()) {
            return;
        }
        failed = true;
        stopTimer();
        queue.fail(cause);
        // Before anybody is told and closes: the peer is to know the reason from the alert.
        ctx.writeAndFlush(ctx.alloc().buffer(0)).addListener(f -> linger(ctx));
        if (handshaken) {
            ctx.fireExceptionCaught(cause);
        } else {
            failHandshake(cause);
        }
    }

    /** Closing with unread bytes is a RST, which can overtake the alert: so the peer ends first, or some time passes. */
    private static void linger(ChannelHandlerContext ctx) {
        if (!ctx.channel().isActive()) {
            ctx.close();
            return;
        }
        if (ctx.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        ctx.channel().config().setAutoRead(true);
        ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void failHandshake(Throwable cause) {
        Promise<Session> promise = handshake;
        if (promise != null) {
            promise.tryFailure(cause);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stopTimer();
        queue.fail(new ClosedChannelException());
        failHandshake(new ClosedChannelException());
        machine.free();
    }

    private void flushIfNeeded(ChannelHandlerContext ctx) {
        if (needsFlush) {
            needsFlush = false;
            ctx.flush();
        }
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }

    private ChannelHandlerContext ctx() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline");
        }
        return ctx;
    }
}
