package io.tanja.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.Refusal;
import io.tanja.proxy.tls.BoringTls;
import io.tanja.proxy.tls.TlsProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes both ways through two sidecars. */
class RelayTest {
    private static final int MIB = 1 << 20;

    static List<TlsProvider> providers() {
        return MeshFixture.providers();
    }

    private static MeshFixture mesh(TlsProvider provider, AppServer app) throws IOException {
        return new MeshFixture(provider, app, AppProtocol.TCP, TlsMode.STRICT);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theEndOfOneDirectionLeavesTheOtherOpen(TlsProvider provider) throws Exception {
        AppServer.Behaviour answersAfterTheEnd = socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("got " + all.length).getBytes(UTF_8));
        };
        try (AppServer app = new AppServer(answersAfterTheEnd);
                MeshFixture mesh = mesh(provider, app);
                Socket socket = mesh.call()) {
            socket.getOutputStream().write(new byte[1000]);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("got 1000");
            await().until(() -> mesh.serverLog.closed.size() == 1);
            assertThat(mesh.serverLog.closed.getFirst().refusal).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theServerMayEndFirst(TlsProvider provider) throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        AppServer.Behaviour endsFirst = socket -> {
            socket.getOutputStream().write("hello".getBytes(UTF_8));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("goodbye");
            heard.countDown();
        };
        try (AppServer app = new AppServer(endsFirst);
                MeshFixture mesh = mesh(provider, app);
                Socket socket = mesh.call()) {
            assertThat(socket.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("hello");
            socket.getOutputStream().write("goodbye".getBytes(UTF_8));
            socket.shutdownOutput();
            assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Half-closed sockets with a peer that reads slowly: where Netty loses sockets from epoll. */
    @ParameterizedTest
    @MethodSource("providers")
    void aLargeAnswerReachesASlowCallerThatHasEndedItsSide(TlsProvider provider) throws Exception {
        byte[] answer = random(8 * MIB);
        AppServer.Behaviour answersAfterTheEnd = socket -> {
            socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(answer);
        };
        try (AppServer app = new AppServer(answersAfterTheEnd);
                MeshFixture mesh = mesh(provider, app);
                Socket socket = mesh.call()) {
            socket.shutdownOutput();
            await().until(() -> !mesh.serverLog.opened.isEmpty());
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(answer);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aSlowReaderIsWaitedForInBoundedMemory(TlsProvider provider) throws Exception {
        // The JDK's cipher is slow until it is compiled, and the tests run without the optimising compiler.
        int size = (provider instanceof BoringTls ? 100 : 16) * MIB;
        AppServer.Behaviour pours = socket -> {
            byte[] block = random(MIB);
            for (int i = 0; i < size / MIB; i++) {
                socket.getOutputStream().write(block);
            }
        };
        try (AppServer app = new AppServer(pours);
                MeshFixture mesh = mesh(provider, app);
                Socket socket = mesh.call()) {
            InputStream in = socket.getInputStream();
            long before = usedMemory();
            long most = 0;
            long total = 0;
            byte[] buffer = new byte[256 * 1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                most = Math.max(most, usedMemory() - before);
            }
            assertThat(total).isEqualTo(size);
            assertThat(most).isLessThan(48L * MIB);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aPeerThatNeverReadsStopsItsSenderAndNothingElse(TlsProvider provider) throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AppServer.Behaviour firstSleepsOthersEcho = socket -> {
            if (socket.getInputStream().read() == 'z') {
                awaitQuietly(end);
            } else {
                AppServer.ECHO.serve(socket);
            }
        };
        try (AppServer app = new AppServer(firstSleepsOthersEcho);
                MeshFixture mesh = mesh(provider, app);
                Socket sleeper = mesh.call()) {
            sleeper.getOutputStream().write('z');
            Thread sender = Thread.ofVirtual().start(() -> pour(sleeper));
            await().until(() ->
                    !mesh.serverLog.opened.isEmpty() && mesh.serverLog.opened.getFirst().bytesReceived > MIB);
            long before = usedMemory();
            for (int i = 0; i < 5; i++) {
                try (Socket other = mesh.call()) {
                    other.getOutputStream().write("xhello".getBytes(UTF_8));
                    assertThat(other.getInputStream().readNBytes(5))
                            .asString(UTF_8)
                            .isEqualTo("hello");
                }
            }
            assertThat(sender.isAlive()).isTrue();
            assertThat(usedMemory() - before).isLessThan(32L * MIB);
            end.countDown();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aResetIsPassedOnAsReset(TlsProvider provider) throws Exception {
        AppServer.Behaviour resets = socket -> {
            if (socket.getInputStream().read() >= 0) {
                socket.setSoLinger(true, 0);
            }
        };
        try (AppServer app = new AppServer(resets);
                MeshFixture mesh = mesh(provider, app);
                Socket socket = mesh.call()) {
            socket.getOutputStream().write(1);
            assertThat(ending(socket)).isEqualTo("reset");
            await().until(() -> mesh.serverLog.closed.size() == 1 && mesh.clientLog.closed.size() == 1);
            assertThat(mesh.serverLog.closed.getFirst().refusal).isEqualTo(Refusal.UPSTREAM_CLOSED);
            assertThat(mesh.clientLog.closed.getFirst().refusal).isEqualTo(Refusal.UPSTREAM_CLOSED);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aServerMaySpeakFirst(TlsProvider provider) throws Exception {
        AppServer.Behaviour greets = socket -> {
            socket.getOutputStream().write("220 ready".getBytes(UTF_8));
            socket.getInputStream().readAllBytes();
        };
        for (AppProtocol declared : List.of(AppProtocol.TCP, AppProtocol.AUTO)) {
            try (AppServer app = new AppServer(greets);
                    MeshFixture mesh = new MeshFixture(provider, app, declared, TlsMode.PERMISSIVE);
                    Socket meshed = mesh.call();
                    Socket outsider = mesh.callFromOutside()) {
                assertThat(meshed.getInputStream().readNBytes(9))
                        .asString(UTF_8)
                        .isEqualTo("220 ready");
                assertThat(outsider.getInputStream().readNBytes(9))
                        .asString(UTF_8)
                        .isEqualTo("220 ready");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anApplicationThatIsNotThereIsTold(TlsProvider provider) throws Exception {
        AppServer gone = new AppServer(AppServer.ECHO);
        gone.close();
        try (MeshFixture mesh = mesh(provider, gone);
                Socket socket = mesh.call()) {
            assertThat(ending(socket)).isIn("reset", "end");
            await().until(() -> mesh.serverLog.closed.size() == 1);
            assertThat(mesh.serverLog.closed.getFirst().refusal).isEqualTo(Refusal.CONNECT_REFUSED);
        }
    }

    private static String ending(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0 ? "end" : "data";
        } catch (SocketTimeoutException e) {
            return "silence";
        } catch (SocketException e) {
            return "reset";
        }
    }

    private static void pour(Socket socket) {
        try {
            OutputStream out = socket.getOutputStream();
            byte[] block = new byte[MIB];
            for (int i = 0; i < 200; i++) {
                out.write(block);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void awaitQuietly(CountDownLatch latch) throws IOException {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static long usedMemory() {
        ByteBufAllocatorMetricProvider allocator = (ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT;
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }
}
