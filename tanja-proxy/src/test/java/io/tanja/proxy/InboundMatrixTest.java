package io.tanja.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.PlaintextReason;
import io.tanja.model.security.Refusal;
import io.tanja.model.security.TransportSecurity;
import io.tanja.proxy.detect.Hellos;
import io.tanja.proxy.observe.ConnectionRecord;
import io.tanja.proxy.tls.TlsProvider;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The inbound table over real connections: what reaches the application, what its caller sees, and what the record says. */
class InboundMatrixTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: server.test\r\n\r\n";
    private static final String BYTES = "\0\1\2 not a request";
    private static final String HELLO = new String(Hellos.of("example.com", List.of("h2", "http/1.1"), 0), ISO_8859_1);
    private static final String MESH_HELLO = new String(Hellos.of("a.test", List.of("istio"), 0), ISO_8859_1);

    /** Answers requests, and echoes everything else. */
    private static final AppServer.Behaviour APP = socket -> {
        byte[] buffer = new byte[4096];
        for (int n = socket.getInputStream().read(buffer);
                n > 0;
                n = socket.getInputStream().read(buffer)) {
            String text = new String(buffer, 0, n, ISO_8859_1);
            String answer = text.startsWith("GET") ? "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok" : text;
            socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        }
    };

    static List<TlsProvider> providers() {
        return MeshFixture.providers();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void decidesAsTheTableSays(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(APP);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.AUTO, TlsMode.PERMISSIVE)) {
            Case run = new Case(mesh, app);

            run.on(TlsMode.DISABLE, AppProtocol.TCP);
            run.answered(GET, PlaintextReason.MODE_DISABLE);
            run.echoed(BYTES, PlaintextReason.MODE_DISABLE);
            run.echoed(HELLO, PlaintextReason.MODE_DISABLE);
            run.echoed(MESH_HELLO, PlaintextReason.MODE_DISABLE);
            run.on(TlsMode.DISABLE, AppProtocol.AUTO);
            run.answered(GET, PlaintextReason.MODE_DISABLE);
            run.echoed(BYTES, PlaintextReason.MODE_DISABLE);
            run.echoed(HELLO, PlaintextReason.MODE_DISABLE);
            run.echoed(MESH_HELLO, PlaintextReason.MODE_DISABLE);
            run.on(TlsMode.DISABLE, AppProtocol.HTTP);
            run.answered(GET, PlaintextReason.MODE_DISABLE);
            run.badRequest(BYTES);
            run.badRequest(HELLO);
            run.badRequest(MESH_HELLO);

            run.on(TlsMode.PERMISSIVE, AppProtocol.TCP);
            run.answered(GET, PlaintextReason.CALLER_SENT_PLAINTEXT);
            run.echoed(BYTES, PlaintextReason.CALLER_SENT_PLAINTEXT);
            run.echoed(HELLO, PlaintextReason.CALLER_SENT_OTHER_TLS);
            run.terminated();
            run.on(TlsMode.PERMISSIVE, AppProtocol.AUTO);
            run.answered(GET, PlaintextReason.CALLER_SENT_PLAINTEXT);
            run.echoed(BYTES, PlaintextReason.CALLER_SENT_PLAINTEXT);
            run.echoed(HELLO, PlaintextReason.CALLER_SENT_OTHER_TLS);
            run.terminated();
            run.on(TlsMode.PERMISSIVE, AppProtocol.HTTP);
            run.answered(GET, PlaintextReason.CALLER_SENT_PLAINTEXT);
            run.badRequest(BYTES);
            run.refused(HELLO, Refusal.NOT_MESH_TLS);
            run.terminated();

            for (AppProtocol declared : List.of(AppProtocol.TCP, AppProtocol.AUTO, AppProtocol.HTTP)) {
                run.on(TlsMode.STRICT, declared);
                run.refused(GET, Refusal.PLAINTEXT_REFUSED_STRICT);
                run.refused(BYTES, Refusal.PLAINTEXT_REFUSED_STRICT);
                run.handshakeFails(HELLO);
                run.handshakeFails(MESH_HELLO);
                run.terminated();
            }
        }
    }

    private record Case(MeshFixture mesh, AppServer app) {
        void on(TlsMode mode, AppProtocol declared) {
            mesh.serverConfig(declared, mode);
        }

        /** Sends, reads what comes within one answer, and waits for the record. */
        private Outcome send(String bytes) throws Exception {
            int reached = app.accepted.get();
            String answer;
            int port;
            try (Socket socket = mesh.callFromOutside()) {
                port = socket.getLocalPort();
                socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
                answer = read(socket);
            }
            await().until(() -> closed(port).isPresent());
            return new Outcome(
                    answer, app.accepted.get() - reached, closed(port).orElseThrow());
        }

        private Optional<ConnectionRecord> closed(int port) {
            return mesh.serverLog.closed.stream()
                    .filter(record -> record.source.getPort() == port)
                    .findFirst();
        }

        private static String read(Socket socket) throws IOException {
            byte[] buffer = new byte[4096];
            try {
                int n = socket.getInputStream().read(buffer);
                return n < 0 ? "" : new String(buffer, 0, n, ISO_8859_1);
            } catch (SocketException e) {
                return "";
            }
        }

        void answered(String bytes, PlaintextReason why) throws Exception {
            Outcome outcome = send(bytes);
            assertThat(outcome.answer).startsWith("HTTP/1.1 200 OK");
            assertThat(outcome.record.downstream).isEqualTo(new TransportSecurity.Plaintext(why));
        }

        void echoed(String bytes, PlaintextReason why) throws Exception {
            Outcome outcome = send(bytes);
            assertThat(outcome.answer).isEqualTo(bytes);
            assertThat(outcome.record.downstream).isEqualTo(new TransportSecurity.Plaintext(why));
            assertThat(outcome.record.refusal).isNull();
        }

        void badRequest(String bytes) throws Exception {
            Outcome outcome = send(bytes);
            assertThat(outcome.answer).startsWith("HTTP/1.1 400");
            assertThat(outcome.reached).isZero();
        }

        void refused(String bytes, Refusal refusal) throws Exception {
            Outcome outcome = send(bytes);
            assertThat(outcome.answer).isEmpty();
            assertThat(outcome.reached).isZero();
            assertThat(outcome.record.refusal).isEqualTo(refusal);
            assertThat(outcome.record.bytesSent).isZero();
        }

        void handshakeFails(String hello) throws Exception {
            Outcome outcome = send(hello);
            // An alert: content type 21.
            assertThat(outcome.answer).startsWith("\u0015");
            assertThat(outcome.reached).isZero();
            assertThat(outcome.record.refusal).isEqualTo(Refusal.HANDSHAKE_FAILED);
        }

        void terminated() throws Exception {
            // A new identity, so that no pooled connection is used again.
            mesh.clientIdentities.publish(MeshFixture.PKI.leaf(MeshFixture.CLIENT));
            int before = mesh.serverLog.opened.size();
            try (Socket socket = mesh.call()) {
                socket.getOutputStream().write(GET.getBytes(ISO_8859_1));
                assertThat(read(socket)).startsWith("HTTP/1.1 200 OK");
            }
            assertThat(mesh.serverLog.opened).hasSize(before + 1);
            assertThat(mesh.serverLog.opened.getLast().downstream)
                    .isInstanceOfSatisfying(
                            TransportSecurity.Mutual.class,
                            mutual -> assertThat(mutual.peer()).isEqualTo(MeshFixture.CLIENT));
        }
    }

    private record Outcome(String answer, int reached, ConnectionRecord record) {}
}
