package io.tanja.lab.demo;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.peer.PeerCertificate;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.security.Refusal;
import io.tanja.pki.ca.CaMaterialException;
import io.tanja.pki.ca.IssuanceException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Wrong certificates, tried with openssl: each is refused by the end that must refuse it. One user thread. */
final class CertificateSteps {
    private static final TrustDomain MESH = TrustDomain.CLUSTER_LOCAL;

    /** Writes the three PEM texts and calls; the pause keeps the connection open until an alert can come back. */
    private static final String CALL =
            "cd /tmp && printf %s \"$1\" >c.pem && printf %s \"$2\" >k.pem && printf %s \"$3\" >r.pem"
                    + " && (printf 'GET / HTTP/1.1\\r\\nHost: webserver\\r\\nConnection: close\\r\\n\\r\\n'; sleep 1)"
                    + " | openssl s_client -connect \"$0\":80 -alpn istio -cert c.pem -key k.pem -CAfile r.pem -ign_eof 2>&1";

    private static final String CALL_WITHOUT = "(printf 'GET / HTTP/1.1\\r\\nHost: webserver\\r\\n\\r\\n'; sleep 1)"
            + " | openssl s_client -connect \"$0\":80 -alpn istio -ign_eof 2>&1";

    private final Stage stage;
    private final Lab lab;
    private final String webserver;
    private final Path caFolder;
    private final InstantSource clock;

    CertificateSteps(Stage stage, Lab lab, String webserver, InstantSource clock) {
        this.stage = stage;
        this.lab = lab;
        this.webserver = webserver;
        this.caFolder = lab.folder().control().resolve("ca");
        this.clock = clock;
    }

    void run() throws IOException, IssuanceException, CaMaterialException {
        stage.step("The server refuses callers with a wrong certificate");
        SpiffeId good = new SpiffeId(MESH, SeedSteps.MESHED, "default");
        SpiffeId foreign = new SpiffeId(new TrustDomain("elsewhere.example"), SeedSteps.MESHED, "default");
        stage.command("openssl s_client -connect " + webserver + ":80 -alpn istio -cert c.pem -key k.pem");
        ExecResult welcome = call(PeerCertificate.of(caFolder, good, clock.instant()));
        stage.expect(
                "to compare: with a certificate of the mesh's CA openssl is answered",
                firstLines(welcome),
                welcome.output().contains("200 OK"));
        refused("of another CA", PeerCertificate.ofStranger(good, clock.instant()), Refusal.PEER_UNKNOWN_ROOT);
        refused(
                "of another trust domain",
                PeerCertificate.of(caFolder, foreign, clock.instant()),
                Refusal.PEER_WRONG_TRUST_DOMAIN);
        ProxyLog log = ProxyLog.fromNow(lab, SeedSteps.MESHED, "deploy/webserver");
        ExecResult without = lab.exec(SeedSteps.OUTSIDE, "deploy/alpine", List.of("sh", "-c", CALL_WITHOUT, webserver));
        expectRefused("without a certificate", without, log, Refusal.PEER_NO_CERTIFICATE);
        clientRefusesImpostor();
    }

    private ExecResult call(PeerCertificate certificate) throws IOException {
        return lab.exec(
                SeedSteps.OUTSIDE,
                "deploy/alpine",
                List.of(
                        "sh",
                        "-c",
                        CALL,
                        webserver,
                        certificate.chainPem(),
                        certificate.keyPem(),
                        certificate.rootsPem()));
    }

    private void refused(String what, PeerCertificate certificate, Refusal reason) throws IOException {
        ProxyLog log = ProxyLog.fromNow(lab, SeedSteps.MESHED, "deploy/webserver");
        expectRefused("with a certificate " + what, call(certificate), log, reason);
    }

    private void expectRefused(String what, ExecResult result, ProxyLog log, Refusal reason) throws IOException {
        Optional<JsonNode> entry = log.awaitReason(reason);
        String logged = entry.map(e -> reason.label() + ": " + e.path("detail").asString(""))
                .orElse("no log entry with reason " + reason.label() + "; " + firstLines(result));
        stage.say(logged);
        stage.expect(
                "a caller " + what + " gets no answer, and the server's sidecar says why (" + reason.label() + ")",
                logged,
                entry.isPresent() && !result.output().contains("HTTP/1.1"));
    }

    private static String firstLines(ExecResult result) {
        return result.output()
                .lines()
                .filter(line -> line.contains("HTTP/") || line.contains("alert"))
                .limit(2)
                .toList()
                .toString();
    }

    /** A pod that the mesh believes meshed, with a certificate of the mesh's CA but of another service account. */
    private void clientRefusesImpostor() throws IOException, IssuanceException, CaMaterialException {
        stage.step("The client refuses a server with the wrong service account");
        String wait = "until [ -s /tmp/go ]; do sleep 0.1; done; cd /tmp;"
                + " exec openssl s_server -accept 80 -cert c.pem -key k.pem -CAfile r.pem -Verify 2 -alpn http/1.1 -www";
        lab.apply(Manifest.unmeshed(SeedSteps.MESHED, "impostor", wait));
        lab.apply(Manifest.service(SeedSteps.MESHED, "impostor", 80, 80));
        lab.awaitReady(SeedSteps.MESHED, "deploy/impostor", SeedSteps.READY);
        SpiffeId thief = new SpiffeId(MESH, SeedSteps.MESHED, "thief");
        PeerCertificate stolen = PeerCertificate.of(caFolder, thief, clock.instant());
        String write =
                "cd /tmp && printf %s \"$0\" >c.pem && printf %s \"$1\" >k.pem && printf %s \"$2\" >r.pem && echo go >go"
                        + " && for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.2; done";
        lab.exec(
                SeedSteps.MESHED,
                "deploy/impostor",
                List.of("sh", "-c", write, stolen.chainPem(), stolen.keyPem(), stolen.rootsPem()));
        List<String> wget = List.of("wget", "-S", "-O", "-", "--tries", "1", "--timeout", "3", "impostor");
        stage.command("tanja lab -n " + SeedSteps.MESHED + " exec deploy/client -- " + String.join(" ", wget));
        ProxyLog log = ProxyLog.fromNow(lab, SeedSteps.MESHED, "deploy/client");
        ExecResult result = lab.exec(SeedSteps.MESHED, "deploy/client", wget);
        stage.output(result.errors(), 6);
        Optional<JsonNode> entry = log.awaitReason(Refusal.PEER_WRONG_IDENTITY);
        String logged = entry.map(e ->
                        e.path("reason").asString("") + ": " + e.path("detail").asString(""))
                .orElse("no log entry; " + result.errors().strip().lines().reduce("", (_, last) -> last));
        stage.say(logged);
        stage.expect(
                "the client's sidecar refuses it and names the expected and the actual identity (peer_wrong_identity)",
                logged,
                !result.succeeded() && logged.contains("sa/default") && logged.contains("sa/thief"));
    }
}
