package io.tanja.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import io.tanja.model.identity.Quote;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.tls.TlsEnd;
import io.tanja.proxy.tls.TlsFailure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Carries bytes both ways between two channels of one event loop. A side that cannot take more stops the other from
 * being read; the end of one direction is passed on while the other goes on; a broken side breaks the other. One writer:
 * the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
public final class Relay {
    private final ConnectionRecord record;
    private final Duration idle;
    private final Side caller;
    private final Side upstream;
    private long seenBytes = -1;
    private boolean over;

    private Relay(Channel caller, Channel upstream, ConnectionRecord record, Duration idle) {
        this.record = record;
        this.idle = idle;
        this.caller = new Side(caller, true);
        this.upstream = new Side(upstream, false);
    }

    /**
     * Joins two channels and starts reading both. Handlers that hold bytes back may still be before the relay.
     *
     * @param record gets the byte counts and the cause of a break
     * @param idle how long neither side may send before both are closed
     */
    public static void join(Channel caller, Channel upstream, ConnectionRecord record, Duration idle) {
        Relay relay = new Relay(caller, upstream, record, idle);
        caller.pipeline().addLast(relay.caller);
        upstream.pipeline().addLast(relay.upstream);
        relay.watchIdle();
        relay.caller.start();
        relay.upstream.start();
    }

    private Side across(Side side) {
        return side == caller ? upstream : caller;
    }

    private void watchIdle() {
        // One look per period instead of a timer touched by each read.
        Future<?> look = caller.channel
                .eventLoop()
                .scheduleAtFixedRate(this::closeIfIdle, idle.toNanos(), idle.toNanos(), TimeUnit.NANOSECONDS);
        // Also after one side has closed: the other may never take what is left for it.
        caller.channel.closeFuture().addListener(f -> cancelIfClosed(look));
        upstream.channel.closeFuture().addListener(f -> cancelIfClosed(look));
    }

    private void cancelIfClosed(Future<?> look) {
        if (!caller.channel.isOpen() && !upstream.channel.isOpen()) {
            look.cancel(false);
        }
    }

    private void closeIfIdle() {
        long bytes = record.bytesReceived + record.bytesSent;
        if (bytes == seenBytes) {
            over = true;
            caller.channel.close();
            upstream.channel.close();
        }
        seenBytes = bytes;
    }

    private void abort() {
        over = true;
        Reset.now(caller.channel);
        Reset.now(upstream.channel);
    }

    /** One of the two channels, seen from its pipeline's end. */
    private final class Side extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private final boolean isCaller;
        private boolean inputEnded;

        Side(Channel channel, boolean isCaller) {
            this.channel = channel;
            this.isCaller = isCaller;
        }

        void start() {
            channel.config().setAutoRead(across(this).channel.isWritable());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf bytes = (ByteBuf) msg;
            if (isCaller) {
                record.bytesReceived += bytes.readableBytes();
            } else {
                record.bytesSent += bytes.readableBytes();
            }
            Channel target = across(this).channel;
            target.write(bytes, target.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            across(this).channel.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (!over) {
                across(this).channel.config().setAutoRead(channel.isWritable());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent && !inputEnded) {
                inputEnded = true;
                endOutput(across(this));
            }
        }

        private void endOutput(Side target) {
            if (target.inputEnded) {
                over = true;
                closeAfterWrites(channel);
                closeAfterWrites(target.channel);
                return;
            }
            TlsEnd tls = TlsEnd.of(target.channel);
            if (tls != null) {
                tls.endOutput();
            } else {
                // Netty fails what is not written yet when the output is shut down, hence after it.
                afterWrites(target.channel, f -> ((DuplexChannel) target.channel).shutdownOutput());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!over) {
                over = true;
                closeAfterWrites(across(this).channel);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (over) {
                return;
            }
            TlsFailure tls = TlsFailure.of(cause);
            if (tls != null) {
                record.refuse(tls.refusal(), tls.detail());
            } else {
                record.refuse(
                        isCaller ? Refusal.DOWNSTREAM_CLOSED : Refusal.UPSTREAM_CLOSED,
                        Quote.printable(String.valueOf(cause.getMessage())));
            }
            abort();
        }
    }

    private static void closeAfterWrites(Channel channel) {
        afterWrites(channel, ChannelFutureListener.CLOSE);
    }

    private static void afterWrites(Channel channel, ChannelFutureListener then) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(then);
    }
}
