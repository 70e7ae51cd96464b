package io.tanja.proxy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private static final AccessLogSettings SMALL = new AccessLogSettings(AccessLogSettings.Format.JSON, 4096, 0);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private List<String> lines() {
        return out.toString(StandardCharsets.US_ASCII).lines().toList();
    }

    @Test
    void whatDoesNotFitIsDroppedAndCounted() {
        AccessLog log = new AccessLog(SMALL, out, () -> 0);

        for (int i = 0; i < 100; i++) {
            log.connection(Records.plainTcp(i, Direction.INBOUND), 1_000_000_000L);
        }
        log.drain();

        long written = lines().size();
        assertThat(written).isBetween(1L, 99L);
        assertThat(log.dropped()).isEqualTo(100 - written);
        assertThat(lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    @Test
    void goesOnAfterAnOverload() {
        AccessLog log = new AccessLog(SMALL, out, () -> 0);
        for (int round = 0; round < 5; round++) {
            long before = log.dropped();
            log.connection(Records.plainTcp(round, Direction.INBOUND), 1_000_000_000L);
            assertThat(log.dropped()).as("round %d", round).isEqualTo(before);
            for (int i = 0; i < 100; i++) {
                log.connection(Records.plainTcp(1000, Direction.INBOUND), 1_000_000_000L);
            }
            log.drain();
        }
        assertThat(lines().stream().filter(line -> !line.contains("\"connection_id\":1000")))
                .hasSize(5);
    }

    @Test
    void aSlowDiskHoldsUpNobody() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("lines are written in batches");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                writing.countDown();
                try {
                    go.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                out.write(bytes, offset, length);
            }
        };
        AccessLog log = new AccessLog(SMALL, slow, System::nanoTime);
        log.start();
        log.connection(Records.plainTcp(0, Direction.INBOUND), 1_000_000_000L);
        assertThat(writing.await(5, TimeUnit.SECONDS)).isTrue();

        for (int i = 1; i <= 1000; i++) {
            log.connection(Records.plainTcp(i, Direction.INBOUND), 1_000_000_000L);
        }

        assertThat(log.dropped()).isPositive();
        assertThat(lines()).isEmpty();
        go.countDown();
        log.close();
        assertThat(lines().size() + log.dropped()).isEqualTo(1001);
    }

    @Test
    void linesOfManyThreadsComeWholeAndInOrder() throws Exception {
        AccessLogSettings large = new AccessLogSettings(AccessLogSettings.Format.TEXT, 8 * 1024 * 1024, 1);
        AccessLog log = new AccessLog(large, out, System::nanoTime);
        log.start();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int port = 1000 * (t + 1);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 500; i++) {
                    ConnectionRecord connection = Records.plainTcp(i, Direction.INBOUND);
                    connection.destination = Records.socket("10.0.0.1", port + i);
                    log.connection(connection, 1_000_000_000L);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        log.close();

        assertThat(log.dropped()).isZero();
        assertThat(lines()).hasSize(1500).allMatch(line -> line.endsWith(" - default"));
        for (int t = 1; t <= 3; t++) {
            String prefix = "10.0.0.1:" + t;
            List<String> own =
                    lines().stream().filter(line -> line.contains(prefix)).toList();
            assertThat(own).hasSize(500).isSorted();
        }
    }

    @Test
    void aLineIsWrittenSoonWithoutMoreTraffic() throws Exception {
        AccessLog log = new AccessLog(AccessLogSettings.DEFAULT, out, System::nanoTime);
        log.start();
        log.request(Records.request(Records.inbound(1)));

        await().atMost(5, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(lines()).hasSize(1));
        log.close();
    }

    /** Each write is a system call and a switch of threads on the way of the requests. */
    @Test
    void linesThatComeTogetherShareAWriteAndAFullBufferEndsThePause() throws Exception {
        AtomicInteger writes = new AtomicInteger();
        OutputStream counting = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("lines are written in batches");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.incrementAndGet();
                out.write(bytes, offset, length);
            }
        };
        AccessLogSettings patient = new AccessLogSettings(AccessLogSettings.Format.JSON, 64 * 1024, 60_000);
        AccessLog log = new AccessLog(patient, counting, System::nanoTime);
        log.start();
        for (int i = 0; i < 10; i++) {
            log.connection(Records.plainTcp(i, Direction.INBOUND), 1_000_000_000L);
        }
        assertThat(writes).hasValue(0);

        // More than half of a chunk is waiting before the pause is over.
        for (int i = 10; writes.get() == 0 && i < 10_000; i++) {
            log.connection(Records.plainTcp(i, Direction.INBOUND), 1_000_000_000L);
        }
        await().atMost(5, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(writes.get()).isPositive());
        log.close();
        assertThat(lines().size() + log.dropped()).isGreaterThan(10);
        assertThat(writes.get()).isLessThan(lines().size() / 10);
    }

    @Test
    void aFullDiskLosesLinesAndSaysHowMany() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        AccessLog log = new AccessLog(SMALL, full, () -> 0);

        log.connection(Records.plainTcp(1, Direction.INBOUND), 1_000_000_000L);
        log.connection(Records.plainTcp(2, Direction.INBOUND), 1_000_000_000L);
        log.drain();

        assertThat(log.dropped()).isEqualTo(2);
    }

    @Test
    void whenThereIsRoomAgainTheNextLineIsWhole() {
        boolean[] full = {false};
        OutputStream disk = new OutputStream() {
            @Override
            public void write(int b) {
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                // A disk that becomes full takes a part.
                out.write(bytes, offset, full[0] ? length / 2 : length);
                if (full[0]) {
                    throw new IOException("No space left on device");
                }
            }
        };
        AccessLog log = new AccessLog(SMALL, disk, () -> 0);
        for (int i = 0; i < 3; i++) {
            full[0] = i == 1;
            log.connection(Records.plainTcp(i, Direction.INBOUND), 1_000_000_000L);
            log.drain();
        }

        assertThat(lines()).hasSize(3);
        assertThat(lines().get(1)).startsWith("{").doesNotEndWith("}");
        assertThat(lines().get(2)).startsWith("{").endsWith("}").contains("\"connection_id\":2");
        assertThat(log.dropped()).isEqualTo(1);
    }
}
