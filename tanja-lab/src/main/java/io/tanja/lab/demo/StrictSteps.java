package io.tanja.lab.demo;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.proof.Verdict;
import io.tanja.model.security.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** STRICT: the outsider is refused, the mesh goes on. One user thread. */
final class StrictSteps {
    private static final List<String> OUTSIDER =
            List.of("wget", "-q", "-O", "-", "--tries", "1", "--timeout", "2", "webserver." + SeedSteps.MESHED);

    private final Stage stage;
    private final Lab lab;
    private final Traffic traffic;
    private final String webserver;

    StrictSteps(Stage stage, Lab lab, Traffic traffic, String webserver) {
        this.stage = stage;
        this.lab = lab;
        this.traffic = traffic;
        this.webserver = webserver;
    }

    void run() throws IOException {
        bothEndsKnowEachOther();
        stage.step("Set the mode to STRICT");
        stage.command("tanja lab -n " + SeedSteps.MESHED + " apply -f peer-authentication-strict.yaml");
        lab.apply(Manifest.peerAuthentication(SeedSteps.MESHED, "STRICT"));
        long start = System.nanoTime();
        int answered = 0;
        while (lab.exec(SeedSteps.OUTSIDE, "deploy/alpine", OUTSIDER).succeeded()
                && System.nanoTime() - start < ProxyLog.SOON.toNanos()) {
            answered++;
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        stage.expect(
                "the policy is in force within a second",
                "refused after " + millis + " ms, " + answered + " request(s) still answered",
                millis <= 1000);
        outsiderIsRefused();
        meshGoesOn();
    }

    private void bothEndsKnowEachOther() throws IOException {
        stage.step("Each end knows and shows the identity of the other");
        String id = "spiffe://cluster.local/ns/" + SeedSteps.MESHED + "/sa/default";
        for (String side : List.of("client", "webserver")) {
            stage.command("tanja lab -n " + SeedSteps.MESHED + " logs deploy/" + side + " -c istio-proxy");
            ProxyLog log = ProxyLog.fromNow(lab, SeedSteps.MESHED, "deploy/" + side);
            lab.exec(SeedSteps.MESHED, "deploy/client", List.of("wget", "-q", "-O", "/dev/null", "webserver"));
            Optional<JsonNode> entry = log.await(
                    e -> e.path("kind").asString("").equals("request")
                            && e.path("encrypted").asBoolean(false),
                    ProxyLog.SOON);
            String observed = entry.map(e -> e.path("source_principal").asString("?") + " -> "
                            + e.path("destination_principal").asString("?") + ", "
                            + e.path("tls_version").asString("?") + " "
                            + e.path("tls_cipher").asString("?") + " "
                            + e.path("tls_group").asString("?"))
                    .orElse("no entry");
            stage.say(observed);
            stage.expect(
                    "the log of " + side + "'s sidecar names both identities, version, cipher and group",
                    observed,
                    observed.startsWith(id + " -> " + id + ", TLSv1.3 TLS_") && !observed.contains("?"));
        }
    }

    private void outsiderIsRefused() throws IOException {
        stage.step("The outsider is refused");
        stage.command(
                "tanja lab -n " + SeedSteps.OUTSIDE + " exec deployments/alpine -- " + String.join(" ", OUTSIDER));
        ProxyLog log = ProxyLog.fromNow(lab, SeedSteps.MESHED, "deploy/webserver");
        List<String> loud =
                List.of("wget", "-S", "-O", "-", "--tries", "1", "--timeout", "2", "webserver." + SeedSteps.MESHED);
        Traffic.Observed seen = traffic.observe(
                "strict-outside", webserver, 80, () -> lab.exec(SeedSteps.OUTSIDE, "deploy/alpine", loud));
        ExecResult result = seen.result();
        stage.output(result.errors(), 8);
        stage.expect(
                "the outsider's client says that it got no answer",
                "exit status " + result.status() + ": "
                        + result.errors().strip().lines().reduce("", (_, last) -> last),
                !result.succeeded() && !result.errors().contains("200 OK"));
        long answered = seen.packets().connections().stream()
                .mapToLong(c -> c.serverBytes())
                .sum();
        stage.expect(
                "the packets show the request, and not one byte of an answer",
                PacketChecks.summary(seen.packets()) + "; bytes from the server: " + answered,
                answered == 0 && seen.packets().count(Verdict.PLAINTEXT) > 0);
        expectLogged(log, Refusal.PLAINTEXT_REFUSED_STRICT, "the webserver's sidecar logs the refusal with its reason");
    }

    private void expectLogged(ProxyLog log, Refusal reason, String expected) throws IOException {
        Optional<JsonNode> entry = log.awaitReason(reason);
        String observed = entry.map(e ->
                        e.path("reason").asString("") + ": " + e.path("detail").asString(""))
                .orElse("no entry with reason " + reason.label());
        stage.say(observed);
        stage.expect(expected + " (" + reason.label() + ")", observed, entry.isPresent());
    }

    private void meshGoesOn() throws IOException {
        stage.step("Inside the mesh nothing changes");
        Traffic.Observed seen = traffic.observe(
                "strict-inside",
                webserver,
                80,
                () -> lab.exec(
                        SeedSteps.MESHED,
                        "deploy/client",
                        List.of("wget", "-q", "-O", "-", "--tries", "1", "--timeout", "2", "webserver")));
        stage.expect(
                "the client in the mesh is answered, encrypted",
                "exit status " + seen.result().status() + "; " + PacketChecks.summary(seen.packets()),
                seen.result().output().contains("Welcome to nginx!")
                        && seen.packets().allEncrypted());
    }
}
