package io.tanja.xds.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tanja.xds.fake.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageReaderTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

    static List<Long> seeds() {
        return Seeds.all();
    }

    @AfterEach
    void nothingLeaks() {
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void cutsAnySplitIntoTheSameMessages(long seed) throws Exception {
        Random random = new Random(seed);
        List<byte[]> messages = new ArrayList<>();
        ByteBuf wire = Unpooled.buffer();
        for (int i = 0; i < 50; i++) {
            byte[] message = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(3000)];
            random.nextBytes(message);
            messages.add(message);
            wire.writeByte(0).writeInt(message.length).writeBytes(message);
        }
        MessageReader reader = new MessageReader(allocator, 1 << 20);
        List<byte[]> read = new ArrayList<>();
        while (wire.isReadable()) {
            int length = Math.min(wire.readableBytes(), 1 + random.nextInt(700));
            ByteBuf chunk = allocator.heapBuffer(length).writeBytes(wire, length);
            ByteBuf message = reader.read(chunk);
            while (message != null) {
                byte[] bytes = new byte[message.readableBytes()];
                message.readBytes(bytes);
                message.release();
                read.add(bytes);
                message = reader.read(chunk);
            }
            chunk.release();
        }
        assertThat(reader.inMessage()).isFalse();
        assertThat(read).containsExactlyElementsOf(messages);
    }

    @Test
    void frameAndReadAreInverse() throws Exception {
        var message = com.google.protobuf.BytesValue.of(com.google.protobuf.ByteString.copyFrom(new byte[5000]));
        ByteBuf frame = MessageReader.frame(allocator, message);
        MessageReader reader = new MessageReader(allocator, 1 << 20);
        ByteBuf read = reader.read(frame);
        assertThat(read).isNotNull();
        assertThat(com.google.protobuf.BytesValue.parseFrom(new io.netty.buffer.ByteBufInputStream(read)))
                .isEqualTo(message);
        read.release();
        frame.release();
    }

    @Test
    void refusesCompressionAndExcess() {
        for (byte[] prefix : List.of(new byte[] {1, 0, 0, 0, 1}, new byte[] {0, -1, -1, -1, -1})) {
            MessageReader reader = new MessageReader(allocator, 1 << 20);
            assertThatExceptionOfType(GrpcException.class)
                    .isThrownBy(() -> reader.read(Unpooled.wrappedBuffer(prefix)));
            reader.close();
        }
    }

    @Test
    void holdsNoMoreThanHasArrivedAndFreesIt() throws Exception {
        MessageReader reader = new MessageReader(ByteBufAllocator.DEFAULT, 64 << 20);
        ByteBuf chunk = allocator.heapBuffer(16);
        chunk.writeByte(0).writeInt(60 << 20).writeBytes(new byte[11]);
        assertThat(reader.read(chunk)).isNull();
        assertThat(reader.inMessage()).isTrue();
        chunk.release();
        assertThat(allocator.metric().usedHeapMemory()).isEqualTo(16);
        reader.close();
    }
}
