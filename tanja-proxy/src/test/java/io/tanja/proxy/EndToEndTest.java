package io.tanja.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.TransportSecurity;
import io.tanja.proxy.tls.TlsProvider;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An application calls a service, and both sidecars do their work. */
class EndToEndTest {
    static List<TlsProvider> providers() {
        return MeshFixture.providers();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void bytesCrossByMutualTlsAndEachEndKnowsTheOther(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(AppServer.ECHO);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.TCP, TlsMode.STRICT);
                Socket socket = mesh.call()) {
            socket.getOutputStream().write("hello".getBytes(UTF_8));
            assertThat(socket.getInputStream().readNBytes(5)).isEqualTo("hello".getBytes(UTF_8));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);

            await().untilAsserted(() -> assertThat(mesh.serverLog.closed).hasSize(1));
            assertThat(mesh.serverLog.opened.getFirst().downstream)
                    .isInstanceOfSatisfying(TransportSecurity.Mutual.class, mutual -> {
                        assertThat(mutual.peer()).isEqualTo(MeshFixture.CLIENT);
                        assertThat(mutual.self()).isEqualTo(MeshFixture.SERVER);
                        assertThat(mutual.version()).isEqualTo("TLSv1.3");
                    });
            assertThat(mesh.clientLog.opened.getFirst().upstream)
                    .isInstanceOfSatisfying(
                            TransportSecurity.Mutual.class,
                            mutual -> assertThat(mutual.peer()).isEqualTo(MeshFixture.SERVER));
            assertThat(mesh.serverLog.closed.getFirst().refusal).isNull();
            assertThat(mesh.serverLog.closed.getFirst().bytesReceived).isEqualTo(5);
            assertThat(mesh.serverLog.closed.getFirst().bytesSent).isEqualTo(5);
            assertThat(mesh.serverLog.closed.getFirst().sni).isEqualTo("outbound_.80_._.server.test");
            assertThat(app.sources).containsExactly(MeshFixture.ip("127.0.0.6"));
        }
    }
}
