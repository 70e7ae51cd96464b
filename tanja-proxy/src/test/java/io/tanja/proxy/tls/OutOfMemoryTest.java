package io.tanja.proxy.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is to be encrypted is given back also when there is no memory for the records. */
class OutOfMemoryTest {
    private static final Exhausted NO_MEMORY = new Exhausted();

    private static final class Exhausted extends AbstractByteBufAllocator {
        Exhausted() {
            super(true);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        @Override
        protected ByteBuf newDirectBuffer(int initial, int max) {
            throw new OutOfMemoryError("direct memory");
        }

        @Override
        protected ByteBuf newHeapBuffer(int initial, int max) {
            throw new OutOfMemoryError("heap");
        }
    }

    static Stream<TlsMachine> machines() throws NoSuchAlgorithmException {
        return Stream.of(
                boring(), new JdkMachine(NO_MEMORY, SSLContext.getDefault().createSSLEngine()));
    }

    private static TlsMachine boring() {
        PeerCheck nobody = new PeerCheck(chain -> {
            throw new IllegalStateException("nobody shows a certificate here");
        });
        return new BoringMachine(NO_MEMORY, BoringContexts.open(false, List.of("istio"), nobody));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void aSingleWriteIsReleasedAndFailed(TlsMachine machine) {
        ByteBuf bytes = Unpooled.directBuffer().writeZero(100);
        assertThatThrownBy(() -> drain(machine, bytes)).isInstanceOf(OutOfMemoryError.class);
        assertThat(bytes.refCnt()).isZero();
        machine.free();
    }

    @Test
    void writesThatWouldShareARecordAreReleasedAndFailed() {
        TlsMachine unused = boring();
        ByteBuf first = Unpooled.directBuffer().writeZero(100);
        ByteBuf second = Unpooled.directBuffer().writeZero(100);
        assertThatThrownBy(() -> drain(unused, first, second)).isInstanceOf(OutOfMemoryError.class);
        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
        unused.free();
    }

    /** As the handler does it: what is left in the queue fails with the connection. */
    private static void drain(TlsMachine machine, ByteBuf... writes) throws Exception {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        channel.config().setAllocator(NO_MEMORY);
        ChannelHandlerContext ctx = channel.pipeline().firstContext();
        WriteQueue queue = new WriteQueue();
        List<ChannelPromise> promises =
                Stream.of(writes).map(bytes -> channel.newPromise()).toList();
        for (int i = 0; i < writes.length; i++) {
            queue.add(writes[i], promises.get(i));
        }
        try {
            queue.drain(ctx, machine);
        } finally {
            queue.fail(new IllegalStateException("the connection has failed"));
            assertThat(promises).allMatch(promise -> promise.isDone() && !promise.isSuccess());
            channel.finishAndReleaseAll();
        }
    }
}
