package io.tanja.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.proxy.tls.TlsProvider;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes both ways through two sidecars. */
class RelayTest {
    static List<TlsProvider> providers() {
        return MeshFixture.providers();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theEndOfOneDirectionLeavesTheOtherOpen(TlsProvider provider) throws Exception {
        AppServer.Behaviour answersAfterTheEnd = socket -> {
            byte[] all = socket.getInputStream().readAllBytes();
            socket.getOutputStream().write(("got " + all.length).getBytes(UTF_8));
        };
        try (AppServer app = new AppServer(answersAfterTheEnd);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.TCP, TlsMode.STRICT);
                Socket socket = mesh.call()) {
            socket.getOutputStream().write(new byte[1000]);
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("got 1000");
        }
    }
}
