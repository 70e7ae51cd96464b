package io.tanja.proxy.detect;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.tanja.model.security.Refusal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the first bytes of a connection back until they can be named, and tells the answer. It stays in the pipeline,
 * with reading turned off, until it is told to {@linkplain #proceed proceed}. One writer: the connection's event loop.
 */
public final class DetectHandler extends HoldHandler {
    private final Question question;
    private final Timeouts timeouts;
    private final BiConsumer<Detected, HoldHandler> answer;
    private final Detector detector;
    private @Nullable Future<?> timer;
    private boolean answered;

    /**
     * How long to wait.
     *
     * @param detection for bytes on a port where silence is an answer
     * @param hello for the rest of a ClientHello that has begun
     * @param silence for the first byte on a port where silence is no answer
     */
    public record Timeouts(Duration detection, Duration hello, Duration silence) {}

    /**
     * Makes a handler for one connection.
     *
     * @param answer gets what was found, and this handler, to let the bytes go. Called once, on the event loop, with
     *     reading off; never if the connection breaks before
     */
    public DetectHandler(Question question, Timeouts timeouts, BiConsumer<Detected, HoldHandler> answer) {
        this.question = question;
        this.timeouts = timeouts;
        this.answer = answer;
        this.detector = new Detector(question);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
        Duration wait = question.mayBeSilent() ? timeouts.detection() : timeouts.silence();
        timer = ctx.executor().schedule(() -> timeOut(ctx), wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        boolean first = held() == null;
        super.channelRead(ctx, msg);
        ByteBuf bytes = held();
        if (answered || bytes == null) {
            return;
        }
        Detected found = detector.look(bytes);
        if (found != null) {
            finish(ctx, found);
        } else if (first && detector.tlsBegun(bytes)) {
            waitForHello(ctx);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        super.userEventTriggered(ctx, event);
        if (inputEnded() && !answered) {
            ByteBuf bytes = held();
            if (bytes != null && detector.tlsBegun(bytes)) {
                finish(ctx, new Detected.Broken(Refusal.PROTOCOL_ERROR, "the ClientHello is cut off"));
            } else {
                finish(ctx, bytes == null ? new Detected.Silent() : new Detected.Opaque());
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        answered = true;
        cancelTimer();
        ctx.fireChannelInactive();
    }

    /** Half a ClientHello is never handed on as bytes: that would turn a slow mesh caller into a plaintext one. */
    private void waitForHello(ChannelHandlerContext ctx) {
        cancelTimer();
        String why = "the ClientHello is not complete after " + timeouts.hello().toMillis() + " ms";
        timer = ctx.executor()
                .schedule(
                        () -> finish(ctx, new Detected.Broken(Refusal.HANDSHAKE_TIMEOUT, why)),
                        timeouts.hello().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void timeOut(ChannelHandlerContext ctx) {
        ByteBuf bytes = held();
        finish(ctx, bytes == null ? new Detected.Silent() : new Detected.Opaque());
    }

    private void finish(ChannelHandlerContext ctx, Detected found) {
        if (answered || ctx.isRemoved()) {
            return;
        }
        answered = true;
        cancelTimer();
        ctx.channel().config().setAutoRead(false);
        answer.accept(found, this);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        cancelTimer();
        super.handlerRemoved(ctx);
    }

    private void cancelTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }
}
