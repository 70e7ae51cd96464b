package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HeadReaderTest {
    private static final String HEAD = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final byte[] scratch = new byte[256];

    @Test
    void sharesItsScratchWithOtherConnections() {
        for (int first = 1; first < HEAD.length(); first++) {
            for (int second = first; second < HEAD.length(); second++) {
                HeadReader reader = new HeadReader(200);
                assertThat(find(reader, HEAD.substring(0, first))).isEqualTo(HeadReader.INCOMPLETE);
                if (second > first) {
                    assertThat(find(reader, HEAD.substring(first, second))).isEqualTo(HeadReader.INCOMPLETE);
                }
                assertThat(find(reader, HEAD.substring(second) + "rest")).isEqualTo(HEAD.length());
                assertThat(Octets.text(scratch, 0, HEAD.length())).isEqualTo(HEAD);
                reader.skip(HEAD.length());
                assertThat(reader.readableBytes()).isEqualTo(4);
                reader.release();
            }
        }
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    /** Adds bytes and looks, with all that another connection may have left behind on the scratch. */
    private int find(HeadReader reader, String bytes) {
        Arrays.fill(scratch, (byte) '\n');
        reader.add(allocator, buffer(bytes));
        return reader.find(scratch);
    }

    private ByteBuf buffer(String latin) {
        return allocator.buffer(latin.length()).writeBytes(Octets.of(latin));
    }

    @Test
    void keepsNothingOfAnEmptyBuffer() {
        HeadReader reader = new HeadReader(200);
        reader.add(allocator, Unpooled.EMPTY_BUFFER);
        reader.add(allocator, allocator.buffer(1));

        assertThat(reader.pending()).isNull();
        assertThat(reader.find(scratch)).isEqualTo(HeadReader.INCOMPLETE);
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void tellsALineThatIsTooLongFromAHeadThatIs() {
        HeadReader line = new HeadReader(200);
        assertThat(find(line, "x".repeat(200))).isEqualTo(HeadReader.MALFORMED);
        assertThat(line.defect()).isEqualTo(Defect.LINE_TOO_LARGE);
        line.release();

        HeadReader head = new HeadReader(200);
        assertThat(find(head, "a\r\n" + "x".repeat(196))).isEqualTo(HeadReader.INCOMPLETE);
        assertThat(find(head, "x")).isEqualTo(HeadReader.MALFORMED);
        assertThat(head.defect()).isEqualTo(Defect.HEAD_TOO_LARGE);
        head.release();

        HeadReader exact = new HeadReader(200);
        assertThat(find(exact, "a\r\n" + "x".repeat(193) + "\r\n\r\n")).isEqualTo(200);
        exact.release();
    }
}
