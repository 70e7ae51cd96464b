package io.tanja.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.proxy.http.ProxyFixture.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies of any size pass, in memory that does not depend on it. */
class BulkTest {
    private static final int MEBI = 1024 * 1024;
    /** More than this stays behind only if somebody does not read. */
    private static final long LOW = 32 * 1024;

    /** Two directions of at most a watermark, a read burst and what is being copied. */
    private static final long BOUND = 3 * MEBI;

    @ParameterizedTest
    @EnumSource(Transport.class)
    void passesALargeAnswerToASlowReader(Transport transport) throws Exception {
        CompletableFuture<Long> sum = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + 64L * MEBI + "\r\n\r\n");
                    sum.complete(send(peer.out, 64));
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            Http1ProxyTest.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await().atMost(10, TimeUnit.SECONDS).until(() -> fixture.bufferedBytes() > LOW);
            InputStream in = client.getInputStream();
            assertThat(Wire.head(in)).startsWith("HTTP/1.1 200 ");

            assertThat(receive(in, 64, fixture)).isEqualTo(sum.join());
            assertThat(fixture.record().bytesSent).isEqualTo(64L * MEBI);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void passesALargeRequestToASlowReader(Transport transport) throws Exception {
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        CompletableFuture<Long> sum = new CompletableFuture<>();
        CompletableFuture<ProxyFixture> watched = new CompletableFuture<>();
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    go.join();
                    sum.complete(receiveChunked(peer.in, watched.join()));
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    peer.head();
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            watched.complete(fixture);
            Http1ProxyTest.send(client, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> {
                try {
                    return sendChunked(client.getOutputStream(), 64);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            await().atMost(10, TimeUnit.SECONDS).until(() -> fixture.bufferedBytes() > LOW);
            go.complete(true);

            assertThat(Wire.head(client.getInputStream())).startsWith("HTTP/1.1 200 ");
            assertThat(sum.join()).isEqualTo(sent.join());
            assertThat(fixture.record().bytesReceived).isEqualTo(64L * MEBI);
            assertThat(fixture.pool.idleCount()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void passesBothWaysAtOnce(Transport transport) throws Exception {
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + 16 * MEBI + "\r\n\r\n");
                    byte[] piece = new byte[10_000];
                    for (int left = 16 * MEBI; left > 0; ) {
                        int read = peer.in.read(piece, 0, Math.min(left, piece.length));
                        if (read < 0) {
                            return;
                        }
                        peer.out.write(piece, 0, read);
                        left -= read;
                    }
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            Http1ProxyTest.send(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + 16 * MEBI + "\r\n\r\n");
            CompletableFuture<Long> sent = CompletableFuture.supplyAsync(() -> {
                try {
                    return send(client.getOutputStream(), 16);
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            InputStream in = client.getInputStream();
            assertThat(Wire.head(in)).startsWith("HTTP/1.1 200 ").contains("connection: close");

            assertThat(receive(in, 16, fixture)).isEqualTo(sent.join());
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    /** A connection that went back to the pool with reading off would hang its next user. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void passesOneLargeAnswerAfterAnother(Transport transport) throws Exception {
        try (ScriptedServer server = new ScriptedServer((peer, connection) -> {
                    for (String head = peer.head(); !head.isEmpty(); head = peer.head()) {
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + 8 * MEBI + "\r\n\r\n");
                        send(peer.out, 8);
                    }
                });
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            for (int i = 0; i < 5; i++) {
                Http1ProxyTest.send(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                await().atMost(10, TimeUnit.SECONDS).until(() -> fixture.bufferedBytes() > LOW);
                assertThat(Wire.head(client.getInputStream())).startsWith("HTTP/1.1 200 ");
                receive(client.getInputStream(), 8, fixture);
            }

            fixture.records(5);
            assertThat(server.connections).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void doesNotServeACallerThatDoesNotRead(Transport transport) throws Exception {
        int requests = 10_000;
        try (ScriptedServer server = ScriptedServer.answering("x".repeat(1000));
                ProxyFixture fixture = new ProxyFixture(transport, ProxyFixture.to(server.address()));
                Socket client = fixture.connect()) {
            CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
                try {
                    byte[] many = Octets.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(100));
                    for (int i = 0; i < requests / 100; i++) {
                        client.getOutputStream().write(many);
                    }
                } catch (IOException e) {
                    throw new CompletionException(e);
                }
            });
            await().atMost(20, TimeUnit.SECONDS).until(() -> fixture.bufferedBytes() > LOW);
            assertThat(fixture.ended).as("all at once").hasSizeLessThan(requests);
            InputStream in = new java.io.BufferedInputStream(client.getInputStream());
            for (int i = 0; i < requests; i++) {
                String head = Wire.head(in);
                assertThat(head).startsWith("HTTP/1.1 200 ");
                Wire.body(in, head);
                if (i % 1000 == 0) {
                    assertThat(fixture.bufferedBytes()).isLessThan(BOUND);
                }
            }

            sender.join();
            fixture.records(requests);
        }
    }

    private static long send(OutputStream out, int mebibytes) throws IOException {
        byte[] piece = new byte[MEBI];
        CRC32 sum = new CRC32();
        for (int i = 0; i < mebibytes; i++) {
            fill(piece, i);
            sum.update(piece);
            out.write(piece);
        }
        out.flush();
        return sum.getValue();
    }

    private static long sendChunked(OutputStream out, int mebibytes) throws IOException {
        byte[] piece = new byte[MEBI];
        CRC32 sum = new CRC32();
        for (int i = 0; i < mebibytes; i++) {
            fill(piece, i);
            sum.update(piece);
            for (int at = 0; at < piece.length; ) {
                int size = Math.min(1 + (at * 31 + i) % 50_000, piece.length - at);
                out.write((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(piece, at, size);
                out.write(Octets.of("\r\n"));
                at += size;
            }
        }
        out.write(Octets.of("0\r\n\r\n"));
        out.flush();
        return sum.getValue();
    }

    private static void fill(byte[] piece, int seed) {
        for (int i = 0; i < piece.length; i++) {
            piece[i] = (byte) (i * 31 + i / 251 + seed);
        }
    }

    private static long receive(InputStream in, int mebibytes, ProxyFixture fixture) throws IOException {
        CRC32 sum = new CRC32();
        byte[] piece = new byte[MEBI];
        for (int i = 0; i < mebibytes; i++) {
            if (in.readNBytes(piece, 0, piece.length) < piece.length) {
                throw new EOFException("in MiB " + i);
            }
            sum.update(piece);
            assertThat(fixture.bufferedBytes()).isLessThan(BOUND);
        }
        return sum.getValue();
    }

    private static long receiveChunked(InputStream raw, ProxyFixture fixture) throws IOException {
        InputStream in = new java.io.BufferedInputStream(raw, 64 * 1024);
        CRC32 sum = new CRC32();
        while (true) {
            int size = Integer.parseInt(Wire.line(in), 16);
            byte[] chunk = in.readNBytes(size);
            sum.update(chunk);
            Wire.line(in);
            assertThat(fixture.bufferedBytes()).isLessThan(BOUND);
            if (size == 0) {
                return sum.getValue();
            }
        }
    }
}
