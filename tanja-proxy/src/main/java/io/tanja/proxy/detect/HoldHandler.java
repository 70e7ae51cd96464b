package io.tanja.proxy.detect;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Holds back what a connection sends until there is somebody to take it. Handlers added behind it get the bytes when it
 * {@linkplain #proceed proceeds}. Limits nothing by itself: whoever waits long turns reading off. One writer: the
 * connection's event loop.
 */
public class HoldHandler extends ChannelInboundHandlerAdapter {
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf held;
    private boolean inputEnded;
    private boolean proceeding;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        ByteBuf before = held;
        held = before == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), before, bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Nothing was passed on, so there is nothing to complete.
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A connection that fails while closing is closed.
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // The caller broke off: what it has sent so far is nobody's business any more.
        ctx.close();
    }

    /** The bytes so far, or null if none came. */
    protected final @Nullable ByteBuf held() {
        return held;
    }

    /** Whether the caller has ended its side. */
    protected final boolean inputEnded() {
        return inputEnded;
    }

    /** Leaves the pipeline and lets the bytes, and the end of the input if it has come, go on. */
    public final void proceed() {
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ctx.isRemoved()) {
            proceeding = true;
            ctx.pipeline().remove(this);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf bytes = held;
        held = null;
        if (!proceeding) {
            if (bytes != null) {
                bytes.release();
            }
            return;
        }
        if (bytes != null) {
            ctx.fireChannelRead(bytes);
            ctx.fireChannelReadComplete();
        }
        if (inputEnded) {
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
    }
}
