package io.tanja.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.observe.Direction;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("FutureReturnValueIgnored") // What came of it is looked at.
class RelayIdleTest {
    private static final Duration IDLE = Duration.ofMinutes(10);

    /** Its peer takes nothing. */
    private static final class Stuck extends EmbeddedChannel {
        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            // Everything stays where it is, as with a full window.
        }
    }

    @Test
    void whatIsLeftForAPeerThatNeverReadsIsGivenUpAfterTheIdleTime() {
        EmbeddedChannel caller = new EmbeddedChannel();
        EmbeddedChannel upstream = new Stuck();
        caller.freezeTime();
        Relay.join(caller, upstream, record(), IDLE);
        ByteBuf bytes = Unpooled.buffer().writeZero(1000);
        caller.writeInbound(bytes);

        // Its own close() would cancel what is scheduled, which no real channel does.
        caller.pipeline().close();
        caller.runPendingTasks();
        assertThat(upstream.isOpen()).as("it is waited for").isTrue();
        assertThat(bytes.refCnt()).isEqualTo(1);

        pass(caller, IDLE.multipliedBy(2));
        assertThat(upstream.isOpen()).isFalse();
        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void aConnectionThatCarriesSomethingIsNotIdle() {
        EmbeddedChannel caller = new EmbeddedChannel();
        EmbeddedChannel upstream = new EmbeddedChannel();
        caller.freezeTime();
        Relay.join(caller, upstream, record(), IDLE);
        for (int i = 0; i < 5; i++) {
            caller.writeInbound(Unpooled.buffer().writeByte(1));
            pass(caller, IDLE);
            assertThat(caller.isOpen()).isTrue();
        }
        pass(caller, IDLE);
        assertThat(caller.isOpen()).isFalse();
        assertThat(upstream.isOpen()).isFalse();
        upstream.finishAndReleaseAll();
    }

    private static void pass(EmbeddedChannel channel, Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    private static ConnectionRecord record() {
        return new ConnectionRecord(1, Direction.INBOUND, new InetSocketAddress("127.0.0.1", 1), 0, 0);
    }
}
