package io.tanja.lab.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.LabOptions;
import io.tanja.lab.PacketCapture;
import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.ConnectionVerdict;
import io.tanja.lab.proof.Needle;
import io.tanja.lab.proof.ReportText;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The real Envoy, configured as an Istio sidecar is, in the place of a pod's sidecar: it and ours talk mutual TLS on the
 * application's port in both directions, HTTP and TCP, under STRICT. Needs root and pip.
 */
@Tag("peers")
class EnvoyPeersTest {
    private static final String NAMESPACE = "peers";
    private static final SpiffeId IDENTITY = new SpiffeId(TrustDomain.CLUSTER_LOCAL, NAMESPACE, "default");
    private static final Duration READY = Duration.ofSeconds(90);
    private static final String WORDS = "neither HTTP nor TLS, but known words";
    private static final List<Needle> NEEDLES = List.of(
            new Needle("words", WORDS),
            new Needle("request", "User-Agent: Wget"),
            new Needle("answer", "HTTP/1.1 200 OK"),
            new Needle("page", "user-agent: Wget"));

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Lab lab;

    private static final List<EnvoyProcess> ENVOYS = new ArrayList<>();

    @BeforeAll
    static void setUp() throws Exception {
        Path binary = EnvoyBinary.in(Path.of("target/envoy"));
        lab = Lab.start(LabOptions.named("peers"));
        lab.apply(PeersManifest.BASE);
        for (String server : List.of("ours-server", "envoy-server")) {
            lab.apply(PeersManifest.server(server, lab.program()));
        }
        for (String client : List.of("ours-client", "envoy-http-client", "envoy-tcp-client")) {
            lab.apply(PeersManifest.client(client));
        }
        lab.awaitReady(READY);
        Path envoy = lab.folder().programs().resolve("envoy");
        Files.copy(binary, envoy, StandardCopyOption.COPY_ATTRIBUTES);
        replace("envoy-server", envoy, true);
        replace("envoy-http-client", envoy, true);
        replace("envoy-tcp-client", envoy, false);
    }

    @AfterAll
    static void tearDown() throws IOException {
        ENVOYS.forEach(EnvoyProcess::close);
        lab.close();
    }

    @Test
    void oursCallsEnvoyOverHttp() throws IOException {
        Seen seen = observe("envoy-server", 8080, () -> wget("ours-client", "envoy-server"));
        assertThat(seen.result().output()).contains("User-agent: Wget");
        // Envoy tells its application who called, so it has verified and understood our certificate.
        assertThat(seen.result().output()).contains("By=" + IDENTITY.uri()).contains("URI=" + IDENTITY.uri());
        assertEncrypted(seen, "istio-http/1.1");
    }

    @Test
    void envoyCallsOursOverHttp() throws IOException {
        Seen seen = observe("ours-server", 8080, () -> wget("envoy-http-client", "ours-server"));
        assertThat(seen.result().output()).contains("By=" + IDENTITY.uri()).contains("URI=" + IDENTITY.uri());
        assertEncrypted(seen, "istio-http/1.1");
        assertThat(lab.logs(NAMESPACE, "deploy/ours-server", "istio-proxy"))
                .contains("\"source_principal\":\"" + IDENTITY.uri() + "\"");
    }

    @Test
    void oursCallsEnvoyOverTcp() throws IOException {
        Seen seen = observe("envoy-server", 9000, () -> tcp("ours-client", "envoy-server"));
        assertThat(seen.result().output().strip()).isEqualTo(WORDS);
        assertEncrypted(seen, "istio");
    }

    @Test
    void envoyCallsOursOverTcp() throws IOException {
        Seen seen = observe("ours-server", 9000, () -> tcp("envoy-tcp-client", "ours-server"));
        assertThat(seen.result().output().strip()).isEqualTo(WORDS);
        // Envoy offers metadata exchange, as Istio's does; ours must not choose it, or these words would not arrive.
        assertEncrypted(seen, "istio-peer-exchange");
    }

    @Test
    void opensslNeedsACertificate() throws Exception {
        PeerCertificate certificate = certificate();
        String ip = address("ours-server");
        String call =
                "cd /tmp && printf %s \"$1\" >c.pem && printf %s \"$2\" >k.pem && (printf 'GET / HTTP/1.1\\r\\nhost: x\\r\\n"
                        + "connection: close\\r\\n\\r\\n'; sleep 1) | openssl s_client -connect \"$0\":8080 -alpn istio";
        ExecResult with = outside(List.of(
                "sh",
                "-c",
                call + " -cert c.pem -key k.pem -ign_eof 2>&1",
                ip,
                certificate.chainPem(),
                certificate.keyPem()));
        assertThat(with.output()).contains("TLSv1.3").contains("HTTP/1.1 200");
        ExecResult without =
                outside(List.of("sh", "-c", call + " -ign_eof 2>&1", ip, certificate.chainPem(), certificate.keyPem()));
        assertThat(without.output()).contains("alert").doesNotContain("HTTP/1.1 200");
    }

    private static ExecResult outside(List<String> command) throws IOException {
        return lab.exec("default", "deploy/outside", command);
    }

    /** A result and what was on the wire meanwhile. */
    private record Seen(ExecResult result, CaptureReport packets) {}

    private interface Call {
        ExecResult run() throws IOException;
    }

    private static Seen observe(String server, int port, Call call) throws IOException {
        String ip = address(server);
        PacketCapture capture = lab.capture("host", ip, "and", "port", Integer.toString(port));
        ExecResult result = call.run();
        CaptureReport report = CaptureAnalyzer.analyze(capture.stop(), NEEDLES)
                .only(c -> c.server().getPort() == port);
        assertThat(result.status())
                .as(result + " " + ReportText.plain().lines(report))
                .isZero();
        return new Seen(result, report);
    }

    private static void assertEncrypted(Seen seen, String firstAlpn) {
        List<String> lines = ReportText.plain().lines(seen.packets());
        System.out.println(String.join("\n", lines));
        assertThat(seen.packets().allEncrypted()).as("%s", lines).isTrue();
        for (ConnectionVerdict connection : seen.packets().connections()) {
            assertThat(connection.serverHello())
                    .as("%s", lines)
                    .isNotNull()
                    .satisfies(hello -> assertThat(hello.version()).isEqualTo("TLSv1.3"));
            assertThat(connection.clientHello())
                    .as("%s", lines)
                    .isNotNull()
                    .satisfies(hello -> assertThat(hello.alpn()).first().isEqualTo(firstAlpn));
        }
    }

    private static ExecResult wget(String client, String server) throws IOException {
        return lab.exec(
                NAMESPACE,
                "deploy/" + client,
                List.of(
                        "wget",
                        "-q",
                        "-O",
                        "-",
                        "--tries",
                        "1",
                        "--timeout",
                        "10",
                        "http://" + address(server) + ":8080/"));
    }

    private static ExecResult tcp(String client, String server) throws IOException {
        return lab.exec(
                NAMESPACE,
                "deploy/" + client,
                lab.program()
                        .command(
                                List.of("-XX:TieredStopAtLevel=1", "-Xmx32m"),
                                "io.tanja.lab.app.TcpApp",
                                List.of("call", address(server), "9000", WORDS)));
    }

    private static String address(String deployment) throws IOException {
        return lab.addresses(NAMESPACE, "deploy/" + deployment).getFirst().getHostAddress();
    }

    private static PeerCertificate certificate() throws Exception {
        return PeerCertificate.of(lab.folder().control().resolve("ca"), IDENTITY, Instant.now());
    }

    private static void replace(String deployment, Path envoy, boolean http) throws Exception {
        PeerCertificate certificate = certificate();
        EnvoySidecar config = new EnvoySidecar(
                IDENTITY,
                certificate.chainPem(),
                certificate.keyPem(),
                certificate.rootsPem(),
                true,
                http,
                List.of(IDENTITY),
                true,
                false,
                null);
        ENVOYS.add(EnvoyProcess.replace(
                lab,
                NAMESPACE,
                "deploy/" + deployment,
                envoy,
                config,
                lab.folder().programs()));
    }
}
