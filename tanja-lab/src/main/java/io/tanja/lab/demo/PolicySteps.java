package io.tanja.lab.demo;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.sandbox.JavaProgram;
import io.tanja.model.security.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Policies on identities, and what the application sees of its caller. One user thread. */
final class PolicySteps {

    private final Stage stage;
    private final Lab lab;
    private final JavaProgram program;

    PolicySteps(Stage stage, Lab lab, JavaProgram program) {
        this.stage = stage;
        this.lab = lab;
        this.program = program;
    }

    void run() throws IOException {
        callerInHeader();
        allowOne();
        denyPath();
    }

    private void callerInHeader() throws IOException {
        stage.step("The application sees its caller's identity");
        List<String> echo = program.command(
                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx32m"),
                "io.tanja.lab.app.EchoApp",
                List.of("8080"));
        lab.apply(Manifest.app(SeedSteps.MESHED, "echo", echo, 8080));
        lab.apply(Manifest.service(SeedSteps.MESHED, "echo", 80, 8080));
        for (String account : List.of("frontend", "batch")) {
            lab.apply(Manifest.serviceAccount(SeedSteps.MESHED, account));
            lab.apply(Manifest.sleeper(SeedSteps.MESHED, account, account));
        }
        for (String deployment : List.of("echo", "frontend", "batch")) {
            lab.awaitReady(SeedSteps.MESHED, "deploy/" + deployment, SeedSteps.READY);
        }
        List<String> wget = List.of(
                "wget",
                "-nv",
                "-O",
                "-",
                "--tries",
                "1",
                "--timeout",
                "5",
                "--header",
                "x-forwarded-client-cert: URI=forged",
                "echo");
        stage.command("tanja lab -n " + SeedSteps.MESHED + " exec deploy/frontend -- " + String.join(" ", wget));
        ExecResult result = lab.exec(SeedSteps.MESHED, "deploy/frontend", wget);
        String header = result.output()
                .lines()
                .filter(line -> line.startsWith("X-forwarded-client-cert:"))
                .reduce("", (a, b) -> a + b);
        stage.output(header, 2);
        String caller = "URI=spiffe://cluster.local/ns/" + SeedSteps.MESHED + "/sa/frontend";
        String self = "By=spiffe://cluster.local/ns/" + SeedSteps.MESHED + "/sa/default";
        stage.expect(
                "X-Forwarded-Client-Cert names the caller as the last hop, whatever the caller wrote before",
                header.isEmpty()
                        ? "no header; exit status " + result.status() + " "
                                + result.errors().strip()
                        : header,
                header.contains(self) && header.endsWith(caller));
    }

    private void allowOne() throws IOException {
        stage.step("An AuthorizationPolicy allows one identity");
        stage.command("tanja lab -n " + SeedSteps.MESHED + " apply -f only-frontend.yaml");
        ProxyLog log = ProxyLog.fromNow(lab, SeedSteps.MESHED, "deploy/webserver");
        lab.apply(Manifest.allowOnly(
                SeedSteps.MESHED, "only-frontend", "cluster.local/ns/" + SeedSteps.MESHED + "/sa/frontend"));
        long start = System.nanoTime();
        ExecResult batch = get("batch", "/");
        while (batch.succeeded() && System.nanoTime() - start < ProxyLog.SOON.toNanos()) {
            batch = get("batch", "/");
        }
        stage.output(batch.errors(), 6);
        stage.expect(
                "another identity is answered 403",
                statusLine(batch),
                !batch.succeeded() && batch.errors().contains("403 Forbidden"));
        expectPolicy(log, "test-istio-mtls/only-frontend");
        ExecResult frontend = get("frontend", "/");
        stage.expect("the allowed identity is answered 200", statusLine(frontend), frontend.succeeded());
    }

    private void denyPath() throws IOException {
        stage.step("A DENY rule wins over ALLOW, and is named");
        stage.command("tanja lab -n " + SeedSteps.MESHED + " apply -f no-admin.yaml");
        ProxyLog log = ProxyLog.fromNow(lab, SeedSteps.MESHED, "deploy/webserver");
        lab.apply(Manifest.denyPath(SeedSteps.MESHED, "no-admin", "/admin*"));
        long start = System.nanoTime();
        ExecResult denied = get("frontend", "/admin");
        while (denied.errors().contains("404") && System.nanoTime() - start < ProxyLog.SOON.toNanos()) {
            denied = get("frontend", "/admin");
        }
        stage.expect(
                "the denied path is answered 403 for the allowed identity too",
                statusLine(denied),
                denied.errors().contains("403 Forbidden"));
        expectPolicy(log, "test-istio-mtls/no-admin rule 0");
        ExecResult other = get("frontend", "/");
        stage.expect("other paths are still answered 200", statusLine(other), other.succeeded());
        lab.delete("AuthorizationPolicy", SeedSteps.MESHED, "no-admin");
        lab.delete("AuthorizationPolicy", SeedSteps.MESHED, "only-frontend");
    }

    private ExecResult get(String caller, String path) throws IOException {
        return lab.exec(
                SeedSteps.MESHED,
                "deploy/" + caller,
                List.of("wget", "-S", "-O", "/dev/null", "--tries", "1", "--timeout", "3", "webserver" + path));
    }

    private void expectPolicy(ProxyLog log, String policy) throws IOException {
        Optional<JsonNode> entry = log.await(
                e -> e.path("reason").asString("").equals(Refusal.POLICY_DENIED.label())
                        && e.path("detail").asString("").contains(policy),
                ProxyLog.SOON);
        String observed = entry.map(e -> e.path("source_principal").asString("?") + ": "
                        + e.path("detail").asString(""))
                .orElse("no entry that names " + policy);
        stage.say(observed);
        stage.expect("the server's log names the policy: " + policy, observed, entry.isPresent());
    }

    private static String statusLine(ExecResult result) {
        return "exit status " + result.status() + ", "
                + result.errors()
                        .lines()
                        .filter(line -> line.contains("HTTP/1"))
                        .map(String::strip)
                        .findFirst()
                        .orElse("no status line");
    }
}
