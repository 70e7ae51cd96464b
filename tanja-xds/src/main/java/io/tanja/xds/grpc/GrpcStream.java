package io.tanja.xds.grpc;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.tanja.model.identity.Quote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call. Runs on its connection's event loop; every method must be called there. */
@SuppressWarnings("FutureReturnValueIgnored") // the outcome of writing and closing is seen as channelInactive
public final class GrpcStream extends ChannelInboundHandlerAdapter {
    private final Http2Headers request;
    private final int maxMessage;
    private final long timeoutNanos;
    private final StreamListener listener;
    private final List<Outgoing> waiting = new ArrayList<>();
    private @Nullable ChannelHandlerContext ctx;
    private @Nullable MessageReader reader;
    private @Nullable Future<?> deadline;
    private boolean answered;
    private boolean ended;

    private record Outgoing(@Nullable MessageLite message, boolean last) {}

    /** @param timeoutNanos time until the call is given up, 0 for never */
    GrpcStream(Http2Headers request, int maxMessage, long timeoutNanos, StreamListener listener) {
        this.request = request;
        this.maxMessage = maxMessage;
        this.timeoutNanos = timeoutNanos;
        this.listener = listener;
    }

    /** Sends a message. Nothing happens if the call is over. */
    public void send(MessageLite message) {
        write(new Outgoing(message, false));
    }

    /** Sends the last message. */
    public void sendLast(MessageLite message) {
        write(new Outgoing(message, true));
    }

    /** Ends the call from our side; the listener is told CANCELLED with the reason. Nothing happens if it is over. */
    public void cancel(String reason) {
        abort(GrpcStatus.of(GrpcStatus.Code.CANCELLED, reason));
    }

    private void write(Outgoing outgoing) {
        if (ended) {
            return;
        }
        if (ctx == null) {
            waiting.add(outgoing);
            return;
        }
        ByteBuf content = outgoing.message() == null
                ? ctx.alloc().buffer(0)
                : MessageReader.frame(ctx.alloc(), outgoing.message());
        ctx.writeAndFlush(new DefaultHttp2DataFrame(content, outgoing.last())).addListener(this::written);
    }

    private void written(Future<? super Void> write) {
        if (!write.isSuccess() && !ended) {
            abort(GrpcStatus.of(GrpcStatus.Code.UNAVAILABLE, "cannot write: " + reason(write.cause())));
        }
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) {
        if (ended) {
            context.close();
            return;
        }
        ctx = context;
        reader = new MessageReader(context.alloc(), maxMessage);
        if (timeoutNanos > 0) {
            deadline = context.executor().schedule(this::expired, timeoutNanos, TimeUnit.NANOSECONDS);
        }
        ChannelFuture headers = context.writeAndFlush(new DefaultHttp2HeadersFrame(request, false));
        headers.addListener(this::written);
        for (Outgoing outgoing : List.copyOf(waiting)) {
            write(outgoing);
        }
        waiting.clear();
    }

    private void expired() {
        abort(GrpcStatus.of(
                GrpcStatus.Code.DEADLINE_EXCEEDED,
                "no answer within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms"));
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
        try {
            switch (frame) {
                case Http2HeadersFrame headers -> headers(headers);
                case Http2DataFrame data -> data(data);
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void headers(Http2HeadersFrame frame) {
        Http2Headers headers = frame.headers();
        CharSequence status = headers.get("grpc-status");
        if (status != null) {
            CharSequence message = headers.get("grpc-message");
            GrpcStatus end = GrpcStatus.fromTrailers(status, message == null ? "" : message);
            boolean cut = end.isOk() && reader != null && reader.inMessage();
            end(cut ? GrpcStatus.of(GrpcStatus.Code.INTERNAL, "the last message is cut off") : end);
            return;
        }
        if (!answered) {
            CharSequence http = headers.status();
            if (http == null || !"200".contentEquals(http)) {
                abort(GrpcStatus.fromHttp(http == null ? "(none)" : http));
                return;
            }
            CharSequence type = headers.get("content-type");
            if (type == null || !type.toString().startsWith("application/grpc")) {
                abort(GrpcStatus.of(
                        GrpcStatus.Code.UNKNOWN,
                        "the answer is not gRPC but \"" + Quote.printable(String.valueOf(type)) + "\""));
                return;
            }
            answered = true;
        }
        if (frame.isEndStream()) {
            end(GrpcStatus.of(GrpcStatus.Code.UNKNOWN, "the call ended without grpc-status"));
        }
    }

    private void data(Http2DataFrame frame) {
        if (!answered) {
            abort(GrpcStatus.of(GrpcStatus.Code.INTERNAL, "data before headers"));
            return;
        }
        try {
            while (!ended && reader != null) {
                ByteBuf message = reader.read(frame.content());
                if (message == null) {
                    break;
                }
                try {
                    listener.onMessage(message);
                } finally {
                    message.release();
                }
            }
        } catch (GrpcException e) {
            abort(e.status());
        } catch (IOException e) {
            abort(GrpcStatus.of(GrpcStatus.Code.INTERNAL, "a message is not readable: " + reason(e)));
        }
        if (frame.isEndStream()) {
            end(GrpcStatus.of(GrpcStatus.Code.UNKNOWN, "the call ended without grpc-status"));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame reset) {
            end(GrpcStatus.fromReset(reset.errorCode()));
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(GrpcStatus.of(GrpcStatus.Code.UNAVAILABLE, "the connection is closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        abort(GrpcStatus.of(GrpcStatus.Code.INTERNAL, reason(cause)));
    }

    /** Tells the peer, too, that the call is over. */
    void abort(GrpcStatus status) {
        if (ended) {
            return;
        }
        ChannelHandlerContext context = ctx;
        if (context != null && context.channel().isActive()) {
            context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
        end(status);
    }

    private void end(GrpcStatus status) {
        if (ended) {
            return;
        }
        ended = true;
        waiting.clear();
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (reader != null) {
            reader.close();
        }
        if (ctx != null) {
            ctx.close();
        }
        listener.onClosed(status);
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null ? "unknown" : Quote.printable(String.valueOf(cause.getMessage()));
    }
}
