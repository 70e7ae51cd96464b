package io.tanja.proxy.detect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.tanja.model.security.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DetectHandlerTest {
    private static final DetectHandler.Timeouts TIMEOUTS =
            new DetectHandler.Timeouts(Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofHours(1));
    private static final Question ANYTHING = new Question(true, true, true);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Detected> answers = new ArrayList<>();
    private final List<Object> events = new ArrayList<>();

    @AfterEach
    void leavesNoBuffers() {
        channel.finishAndReleaseAll();
    }

    private void ask(Question question, boolean proceed) {
        channel.freezeTime();
        channel.pipeline().addLast(new DetectHandler(question, TIMEOUTS, (found, hold) -> {
            answers.add(found);
            if (proceed) {
                hold.proceed();
            }
        }));
        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                events.add(event);
            }
        });
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
    }

    private String received() {
        StringBuilder all = new StringBuilder();
        for (ByteBuf bytes = channel.readInbound(); bytes != null; bytes = channel.readInbound()) {
            all.append(bytes.toString(US_ASCII));
            bytes.release();
        }
        return all.toString();
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void consumesNothing() {
        ask(ANYTHING, true);
        send("GE");
        assertThat(received()).isEmpty();
        send("T / HTTP/1.1\r\n");
        assertThat(answers).containsExactly(new Detected.Http1());
        assertThat(received()).isEqualTo("GET / HTTP/1.1\r\n");
        send("Host: a\r\n");
        assertThat(received()).isEqualTo("Host: a\r\n");
    }

    @Test
    void holdsTheBytesUntilToldToProceed() {
        ask(ANYTHING, false);
        send("\0binary");
        assertThat(answers).containsExactly(new Detected.Opaque());
        send("more");
        assertThat(received()).isEmpty();
        assertThat(channel.config().isAutoRead()).isFalse();
        ((HoldHandler) channel.pipeline().first()).proceed();
        assertThat(received()).isEqualTo("\0binarymore");
    }

    @Test
    void silenceIsAnAnswerOnlyWhereItMayBe() {
        ask(ANYTHING, true);
        pass(Duration.ofMillis(999));
        assertThat(answers).isEmpty();
        pass(Duration.ofMillis(1));
        assertThat(answers).containsExactly(new Detected.Silent());
    }

    @Test
    void elsewhereSilenceIsWaitedOut() {
        ask(new Question(true, true, false), true);
        pass(Duration.ofMinutes(59));
        assertThat(answers).isEmpty();
        send("GET / HTTP/1.1\r\n");
        assertThat(answers).containsExactly(new Detected.Http1());
    }

    @Test
    void halfAHelloIsNeverHandedOnAsBytes() {
        ask(ANYTHING, true);
        byte[] hello = ClientHelloParserTest.hello();
        channel.writeInbound(Unpooled.copiedBuffer(hello, 0, 50));
        pass(Duration.ofSeconds(9));
        assertThat(answers).isEmpty();
        pass(Duration.ofSeconds(1));
        assertThat(answers)
                .singleElement()
                .isInstanceOfSatisfying(
                        Detected.Broken.class,
                        broken -> assertThat(broken.refusal()).isEqualTo(Refusal.HANDSHAKE_TIMEOUT));
    }

    @Test
    void aHelloThatIsCutOffIsRefused() {
        ask(ANYTHING, true);
        channel.writeInbound(Unpooled.copiedBuffer(ClientHelloParserTest.hello(), 0, 50));
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(answers).singleElement().isInstanceOf(Detected.Broken.class);
    }

    @Test
    void theEndOfTheInputIsPassedOnBehindTheBytes() {
        ask(ANYTHING, true);
        send("GE");
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        assertThat(answers).containsExactly(new Detected.Opaque());
        assertThat(received()).isEqualTo("GE");
        assertThat(events).containsExactly(ChannelInputShutdownEvent.INSTANCE);
    }

    @Test
    void nothingIsAnsweredForAConnectionThatBroke() {
        ask(ANYTHING, true);
        send("GE");
        channel.close().syncUninterruptibly();
        pass(Duration.ofHours(2));
        assertThat(answers).isEmpty();
    }
}
