package io.tanja.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.model.mesh.AppProtocol;
import io.tanja.model.mesh.TlsMode;
import io.tanja.model.security.TransportSecurity;
import io.tanja.proxy.tls.TlsProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests through two sidecars: the application sees who calls, the caller sees what Istio's callers see. */
class HttpEndToEndTest {
    /** Answers every request with the head that it got. */
    static final AppServer.Behaviour MIRROR = socket -> {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        for (String head = head(in); !head.isEmpty(); head = head(in)) {
            String answer = "HTTP/1.1 200 OK\r\nserver: app\r\ncontent-length: " + head.length() + "\r\n\r\n" + head;
            socket.getOutputStream().write(answer.getBytes(US_ASCII));
        }
    };

    private static String head(BufferedReader in) throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            head.append(line).append('\n');
        }
        return head.toString();
    }

    static List<TlsProvider> providers() {
        return MeshFixture.providers();
    }

    static String exchange(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
        String head = head(in);
        int length = head.lines()
                .filter(line -> line.startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring(16)))
                .findFirst()
                .orElse(0);
        char[] body = new char[length];
        int read = in.read(body, 0, length);
        return head + "\n" + new String(body, 0, Math.max(0, read));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void theApplicationSeesTheIdentityOfItsCaller(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(MIRROR);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.AUTO, TlsMode.STRICT);
                Socket socket = mesh.call()) {
            for (int i = 0; i < 3; i++) {
                assertThat(exchange(socket, "GET /" + i + " HTTP/1.1\r\nHost: server.test\r\n\r\n"))
                        .startsWith("HTTP/1.1 200 OK")
                        .contains("server: envoy")
                        .contains("GET /" + i)
                        .containsIgnoringCase("x-forwarded-client-cert: By=" + MeshFixture.SERVER.uri())
                        .contains("URI=" + MeshFixture.CLIENT.uri());
            }
            await().untilAsserted(() -> assertThat(mesh.serverLog.requests).hasSize(3));
            assertThat(mesh.serverLog.requests.getFirst().connection.downstream)
                    .isInstanceOf(TransportSecurity.Mutual.class);
            assertThat(mesh.clientLog.requests.getFirst().upstreamSecurity)
                    .isInstanceOf(TransportSecurity.Mutual.class);
            assertThat(app.accepted).hasValue(1);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void aPlaintextCallerCannotClaimAnIdentity(TlsProvider provider) throws Exception {
        try (AppServer app = new AppServer(MIRROR);
                MeshFixture mesh = new MeshFixture(provider, app, AppProtocol.HTTP, TlsMode.PERMISSIVE);
                Socket socket = mesh.callFromOutside()) {
            String forged =
                    "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Client-Cert: URI=spiffe://cluster.local/ns/a/sa/b\r\n\r\n";
            assertThat(exchange(socket, forged))
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("server: istio-envoy")
                    .contains("x-envoy-decorator-operation: server.test:80/*")
                    .doesNotContainIgnoringCase("x-forwarded-client-cert");
        }
    }
}
