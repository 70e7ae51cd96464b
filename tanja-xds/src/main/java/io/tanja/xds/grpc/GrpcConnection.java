package io.tanja.xds.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection that carries calls. Its methods must be called on {@link #eventLoop()}. */
public final class GrpcConnection {
    private final Channel channel;
    private final GrpcTarget target;
    private final String scheme;
    private final int maxMessage;
    private final ConnectionState state;

    GrpcConnection(Channel channel, GrpcTarget target, String scheme, int maxMessage, ConnectionState state) {
        this.channel = channel;
        this.target = target;
        this.scheme = scheme;
        this.maxMessage = maxMessage;
        this.state = state;
    }

    /** The event loop of all its calls. */
    public EventLoop eventLoop() {
        return channel.eventLoop();
    }

    /** Whether calls can be opened. */
    public boolean isUsable() {
        return channel.isActive() && !state.draining();
    }

    /** Closes it; its calls end with UNAVAILABLE. */
    public void close(String reason) {
        state.close(reason);
    }

    /**
     * Opens a call.
     *
     * @param path {@code /package.Service/Method}
     * @param metadata further request headers, names in lower case
     * @param timeout for the whole call, zero for none
     */
    public GrpcStream open(String path, Map<String, String> metadata, Duration timeout, StreamListener listener) {
        GrpcStream stream = new GrpcStream(headers(path, metadata), maxMessage, timeout.toNanos(), listener);
        if (!isUsable()) {
            stream.abort(GrpcStatus.of(GrpcStatus.Code.UNAVAILABLE, "the connection takes no new calls"));
            return stream;
        }
        new Http2StreamChannelBootstrap(channel).handler(stream).open().addListener(opened -> {
            if (!opened.isSuccess()) {
                stream.abort(GrpcStatus.of(GrpcStatus.Code.UNAVAILABLE, "cannot open a stream: " + opened.cause()));
            }
        });
        return stream;
    }

    /**
     * Makes a call with one request and one answer.
     *
     * @return fails with {@link GrpcException} only
     */
    public <M extends MessageLite> Future<M> unary(
            String path, Map<String, String> metadata, Duration timeout, MessageLite request, Parser<M> answer) {
        Promise<M> result = eventLoop().newPromise();
        open(path, metadata, timeout, new UnaryListener<>(answer, result)).sendLast(request);
        return result;
    }

    private Http2Headers headers(String path, Map<String, String> metadata) {
        Http2Headers headers = new DefaultHttp2Headers()
                .method("POST")
                .scheme(scheme)
                .path(path)
                .authority(target.serverName())
                .set("te", "trailers")
                .set("content-type", "application/grpc")
                .set("user-agent", "tanja");
        // No grpc-timeout: a server that keeps it, too, races our own clock and answers CANCELLED.
        metadata.forEach(headers::set);
        return headers;
    }

    private static final class UnaryListener<M extends MessageLite> implements StreamListener {
        private final Parser<M> parser;
        private final Promise<M> result;
        private @Nullable M answer;

        UnaryListener(Parser<M> parser, Promise<M> result) {
            this.parser = parser;
            this.result = result;
        }

        @Override
        public void onMessage(ByteBuf message) throws IOException {
            if (answer != null) {
                throw new InvalidProtocolBufferException("a second answer");
            }
            answer = parser.parseFrom(new ByteBufInputStream(message));
        }

        @Override
        public void onClosed(GrpcStatus status) {
            if (!status.isOk()) {
                result.tryFailure(new GrpcException(status));
            } else if (answer == null) {
                result.tryFailure(new GrpcException(GrpcStatus.of(GrpcStatus.Code.INTERNAL, "OK without an answer")));
            } else {
                result.trySuccess(answer);
            }
        }
    }
}
