package io.tanja.lab.demo;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.ReportText;
import io.tanja.lab.table.PodColumns;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Steps 1 to 12 of the seed document, in its order and with its objects. One user thread. */
final class SeedSteps {
    static final String MESHED = "test-istio-mtls";
    static final String OUTSIDE = "test-istio-mtls-without-injection";
    static final Duration READY = Duration.ofSeconds(60);

    private static final int READY_PORT = 15_021;
    private static final long LISTEN_MILLIS = 2_500;
    private static final String SLEEP = "/bin/sh -c \"sleep infinity\"";

    private final Stage stage;
    private final Lab lab;
    private final Traffic traffic;
    private String webserver = "";

    SeedSteps(Stage stage, Lab lab, Traffic traffic) {
        this.stage = stage;
        this.lab = lab;
        this.traffic = traffic;
    }

    void run() throws IOException {
        enableAndLabel();
        deployWebserver();
        CaptureReport encrypted = requestInsideTheMesh();
        CaptureReport plain = requestFromOutside();
        sideBySide(encrypted, plain);
    }

    /** The address of the webserver's pod; known once {@link #run} has come so far. */
    String webserver() {
        return webserver;
    }

    private void enableAndLabel() throws IOException {
        stage.step("Enable the istio module");
        create("ModuleConfig istio", Manifest.MODULE, "create -f module-config.yaml");
        stage.step("Create a namespace and add labels");
        create(
                "namespace with istio-injection=enabled",
                Manifest.namespace(MESHED, true),
                "create namespace " + MESHED
                        + "\ntanja lab label namespace " + MESHED + " istio-injection=enabled"
                        + "\ntanja lab label namespace " + MESHED + " security.deckhouse.io/pod-policy=privileged");
        stage.step("Apply a policy with mode PERMISSIVE");
        create(
                "PeerAuthentication default, PERMISSIVE",
                Manifest.peerAuthentication(MESHED, "PERMISSIVE"),
                "-n " + MESHED + " create -f peer-authentication.yaml");
    }

    private void create(String what, String yaml, String command) throws IOException {
        stage.command("tanja lab " + command);
        JsonNode answer = lab.apply(yaml);
        int changes = answer.path("changes").size();
        stage.expect(what + " is accepted", changes + " object(s) created", changes > 0);
    }

    private void deployWebserver() throws IOException {
        stage.step("Create the Deployment webserver");
        create(
                "Deployment webserver",
                Manifest.deployment(MESHED, "webserver", "docker.io/library/nginx:1.26-alpine", 80),
                "-n " + MESHED + " create deployment webserver --image=docker.io/library/nginx:1.26-alpine --port 80");
        stage.step("Expose the Deployment");
        create(
                "Service webserver",
                Manifest.service(MESHED, "webserver", 80, 80),
                "-n " + MESHED + " expose deployment webserver --port=80");
        stage.step("Get the pod's IP");
        stage.command("tanja lab -n " + MESHED + " get pods -l app=webserver -o wide");
        expectReady(MESHED, "webserver", "2/2");
        webserver = lab.addresses(MESHED, "deploy/webserver").getFirst().getHostAddress();
        stage.step("Run tcpdump on the node");
        stage.command("tanja lab capture host " + webserver + " and port 80");
        // Nobody calls port 80 yet, but the node asks the sidecar whether it is ready, all the time.
        Traffic.Observed probe = traffic.observe("07-node", webserver, READY_PORT, () -> {
            Pause.millis(LISTEN_MILLIS);
            return new ExecResult(0, "", "");
        });
        stage.expect(
                "tcpdump on the node sees what reaches the pod",
                probe.packets().packets() + " packets of the readiness probe",
                probe.packets().packets() > 0);
    }

    private void expectReady(String namespace, String app, String ready) throws IOException {
        lab.awaitReady(namespace, "deploy/" + app, READY);
        JsonNode pod = lab.get("pods", namespace, "app=" + app).path(0);
        String observed = PodColumns.ready(pod) + " " + PodColumns.status(pod);
        stage.output(
                pod.path("metadata").path("name").asString("?") + "   " + observed + "   "
                        + pod.path("status").path("podIP").asString("?"),
                1);
        stage.expect(app + " is READY " + ready, observed, observed.equals(ready + " Running"));
    }

    private CaptureReport requestInsideTheMesh() throws IOException {
        stage.step("Create the Deployment client in the mesh");
        create(
                "Deployment client",
                Manifest.sleeper(MESHED, "client", ""),
                "-n " + MESHED + " create deployment client --image=docker.io/library/alpine:3.21 -- " + SLEEP);
        expectReady(MESHED, "client", "2/2");
        stage.step("Make a request from the client: only encrypted traffic");
        List<String> wget = List.of("wget", "-S", "--spider", "--timeout", "1", "webserver");
        stage.command("tanja lab -n " + MESHED + " exec -ti deployments/client -- " + String.join(" ", wget));
        Traffic.Observed seen =
                traffic.observe("09-inside", webserver, 80, () -> headAndPage(MESHED, "deploy/client", wget));
        stage.output(seen.result().errors(), 14);
        ReportText.plain().lines(seen.packets()).forEach(stage::say);
        stage.expect(
                "the request is answered with 200 and the page",
                "exit status " + seen.result().status(),
                seen.result().succeeded()
                        && seen.result().errors().contains("200 OK")
                        && seen.result().output().contains("Welcome to nginx!"));
        CaptureReport packets = seen.packets();
        stage.expect(
                "every connection to port 80 is TLS 1.3, no known byte of request or answer is on the wire",
                PacketChecks.summary(packets),
                PacketChecks.allMeshTls(packets));
        return packets;
    }

    /** The seed's own command, and the page itself, so that a body can be looked for on the wire. */
    private ExecResult headAndPage(String namespace, String client, List<String> wget) throws IOException {
        ExecResult head = lab.exec(namespace, client, wget);
        ExecResult page = lab.exec(namespace, client, List.of("wget", "-q", "-O", "-", wget.getLast()));
        return new ExecResult(head.status() + page.status(), page.output(), head.errors());
    }

    private CaptureReport requestFromOutside() throws IOException {
        stage.step("Create a namespace without the label");
        create("namespace without injection", Manifest.namespace(OUTSIDE, false), "create namespace " + OUTSIDE);
        stage.step("Add a Deployment outside the mesh");
        create(
                "Deployment alpine",
                Manifest.sleeper(OUTSIDE, "alpine", ""),
                "-n " + OUTSIDE + " create deployment alpine --image=docker.io/library/alpine:3.21 -- " + SLEEP);
        expectReady(OUTSIDE, "alpine", "1/1");
        stage.step("Make a request from outside: plaintext, while the mode is PERMISSIVE");
        List<String> wget = List.of("wget", "-S", "--spider", "--timeout", "1", "webserver." + MESHED);
        stage.command("tanja lab -n " + OUTSIDE + " exec -ti deployments/alpine -- " + String.join(" ", wget));
        Traffic.Observed seen =
                traffic.observe("12-outside", webserver, 80, () -> headAndPage(OUTSIDE, "deploy/alpine", wget));
        stage.output(seen.result().errors(), 16);
        ReportText.plain().lines(seen.packets()).forEach(stage::say);
        stage.expect(
                "the request is answered with 200 and the page",
                "exit status " + seen.result().status(),
                seen.result().succeeded() && seen.result().output().contains("Welcome to nginx!"));
        CaptureReport packets = seen.packets();
        stage.expect(
                "the packets show all of it in clear: every known byte is found",
                PacketChecks.summary(packets),
                PacketChecks.allInClear(packets));
        String answer = PacketChecks.answer(packets);
        boolean headers = PacketChecks.seedHeaders(answer, "webserver." + MESHED);
        stage.expect(
                "the captured answer carries server: istio-envoy, x-envoy-upstream-service-time, x-envoy-decorator-operation",
                headers ? "all three" : answer.lines().limit(14).toList().toString(),
                headers);
        return packets;
    }

    private void sideBySide(CaptureReport encrypted, CaptureReport plain) {
        if (encrypted.connections().isEmpty() || plain.connections().isEmpty()) {
            return;
        }
        stage.say("");
        stage.say("the same answer on the wire, in the mesh and from outside:");
        List<String> left = encrypted
                .connections()
                .getFirst()
                .serverExcerpt()
                .printable(700)
                .lines()
                .toList();
        List<String> right = plain.connections()
                .getFirst()
                .serverExcerpt()
                .printable(700)
                .lines()
                .toList();
        StringBuilder joined = new StringBuilder();
        String cipher = String.join("", left);
        for (int i = 0; i < 9; i++) {
            String l = cipher.substring(Math.min(cipher.length(), i * 44), Math.min(cipher.length(), i * 44 + 44));
            String r = i < right.size() ? right.get(i) : "";
            joined.append(String.format("%-46s| %s%n", l, r.length() > 60 ? r.substring(0, 60) : r));
        }
        stage.output(joined.toString(), 9);
    }
}
