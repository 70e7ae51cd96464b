package io.tanja.proxy.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.tanja.model.security.TransportSecurity;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an upstream that serves one occupant at a time. A peer that speaks while nobody asked it anything
 * cannot be trusted to answer the next question, so such a connection is closed. One writer: the channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails on a channel closes it, and that is told to its handlers
public final class PooledConnection extends ChannelInboundHandlerAdapter {
    /** Keeps the bytes in flight inside the second level cache. */
    public static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    private final UpstreamPool pool;
    private final Upstream upstream;
    private final Channel channel;
    private final TransportSecurity security;
    private final long generation;
    private final long bornNanos;
    private @Nullable Occupant occupant;
    private @Nullable Throwable failure;
    private boolean reused;
    private boolean halfClose;
    private boolean dirty;
    private boolean closed;
    private long idleSinceNanos;

    PooledConnection(
            UpstreamPool pool,
            Upstream upstream,
            Connector.ConnectedChannel connected,
            long generation,
            long bornNanos) {
        this.pool = pool;
        this.upstream = upstream;
        this.channel = connected.channel();
        this.security = connected.security();
        this.generation = generation;
        this.bornNanos = bornNanos;
    }

    /** Where it leads. */
    public Upstream upstream() {
        return upstream;
    }

    /** How it is protected. */
    public TransportSecurity security() {
        return security;
    }

    /** The channel; not for reading, writing or closing. */
    public Channel channel() {
        return channel;
    }

    /** Whether an earlier occupant has used it, so that the peer may be closing it at this moment. */
    public boolean reused() {
        return reused;
    }

    /** Whether bytes can be written without filling memory. */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Takes the connection over and turns reading on. */
    public void occupy(Occupant newOccupant) {
        if (occupant != null) {
            throw new IllegalStateException("the connection to " + upstream.address() + " is in use");
        }
        occupant = newOccupant;
        reading(true);
    }

    /** Writes bytes without flushing them; takes them over. */
    public void write(ByteBuf bytes) {
        dirty = true;
        channel.write(bytes, channel.voidPromise());
    }

    /** Writes bytes without flushing them; takes them over and tells when they have left. */
    public void write(ByteBuf bytes, ChannelFutureListener listener) {
        dirty = true;
        channel.write(bytes).addListener(listener);
    }

    /** Flushes if anything was written since. */
    public void flush() {
        if (dirty) {
            dirty = false;
            channel.flush();
        }
    }

    /** Reads on, or stops reading. */
    public void reading(boolean on) {
        channel.config().setAutoRead(on);
    }

    /** From now on the end of the peer's bytes does not close the connection. It will not be pooled again. */
    public void allowHalfClose() {
        halfClose = true;
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    /** Gives the connection back for others; both messages must have ended. */
    public void release() {
        occupant = null;
        if (closed || halfClose || !channel.isActive()) {
            close();
            return;
        }
        reused = true;
        // Reading stays on while it is idle, to see the peer close it; a next user must never find it off.
        reading(true);
        pool.offer(this);
    }

    /** Closes it after what was written; the occupant is not told. */
    public void close() {
        occupant = null;
        channel.close();
    }

    /** Closes it once what was written has left; the occupant is not told. */
    public void closeWhenWritten() {
        occupant = null;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    void install() {
        channel.config().setWriteBufferWaterMark(WATER_MARK);
        channel.pipeline().addLast("upstream", this);
    }

    boolean usable(long nowNanos, long currentGeneration) {
        return channel.isActive()
                && nowNanos - bornNanos < pool.settings().maxAge().toNanos()
                && (generation == currentGeneration || upstream.security() instanceof UpstreamSecurity.Plain);
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void idleSince(long nanos) {
        idleSinceNanos = nanos;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Occupant current = occupant;
        if (current == null) {
            ReferenceCountUtil.release(message);
            pool.forget(this);
            channel.close();
        } else {
            current.received((ByteBuf) message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        Occupant current = occupant;
        if (current != null) {
            current.receivedAll();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Occupant current = occupant;
        if (current != null) {
            current.writabilityChanged(channel.isWritable());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            Occupant current = occupant;
            if (halfClose && current != null) {
                current.inputEnded();
            } else {
                channel.close();
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        channel.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        pool.gone(this);
        Occupant current = occupant;
        occupant = null;
        if (current != null) {
            current.closed(failure);
        }
    }
}
