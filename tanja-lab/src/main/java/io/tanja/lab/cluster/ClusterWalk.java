package io.tanja.lab.cluster;

import io.tanja.lab.ExecResult;
import io.tanja.lab.demo.PacketChecks;
import io.tanja.lab.demo.Stage;
import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Steps 1 to 12 of the seed document with its own commands, and what goes with them on more than one node. One user thread.
 */
final class ClusterWalk {
    private final Stage stage;
    private final Shell shell;
    private final NodeShell nodes;
    private final Path captures;
    private String address = "";
    private String node = "";

    ClusterWalk(Stage stage, Shell shell, NodeShell nodes, Path captures) {
        this.stage = stage;
        this.shell = shell;
        this.nodes = nodes;
        this.captures = captures;
    }

    void run() throws IOException {
        typed("Enable the istio module", Seed.ENABLE);
        typed("Create a namespace and add labels", Seed.NAMESPACE);
        typed("Apply a policy with mode PERMISSIVE", Seed.PERMISSIVE);
        typed("Create the Deployment webserver", Seed.WEBSERVER);
        typed("Expose the Deployment", Seed.EXPOSE);
        findWebserver();
        listen();
        typed("Create the Deployment client in the mesh", Seed.CLIENT);
        expectReady(Seed.MESHED, "client", "2/2");
        stage.step("Make a request from the client: only encrypted traffic");
        inside("09-inside", Seed.REQUEST, "deployments/client");
        typed("Create a namespace without the label", Seed.OUTSIDE_NAMESPACE);
        typed("Add a Deployment outside the mesh", Seed.ALPINE);
        expectReady(Seed.OUTSIDE, "alpine", "1/1");
        stage.step("Make a request from outside: plaintext, while the mode is PERMISSIVE");
        outside();
        onBothNodes();
    }

    private void typed(String title, String commands) throws IOException {
        stage.step(title);
        stage.command(commands.strip());
        ExecResult result = shell.run("set -e\n" + commands);
        stage.output(result.output() + result.errors(), 6);
        stage.expect("the commands succeed", "exit status " + result.status(), result.succeeded());
    }

    private void findWebserver() throws IOException {
        stage.step("Get the pod's IP and its node");
        expectReady(Seed.MESHED, "webserver", "2/2");
        stage.command(Seed.PODS);
        stage.output(shell.run(Seed.PODS).output(), 4);
        JsonNode pod = pod(Seed.MESHED, "webserver");
        address = pod.path("status").path("podIP").asString("");
        node = pod.path("spec").path("nodeName").asString("");
    }

    private void listen() throws IOException {
        stage.step("Run tcpdump on the node");
        stage.command(Seed.tcpdump(address));
        try (NodeCapture capture = NodeCapture.start(nodes, node, captures, "07-node", address)) {
            // From the node itself, as a kubelet's probe would come: what tcpdump shows must be what reaches the pod.
            ExecResult probe = shell.run(String.join(
                    " ", nodes.command(node, List.of("bash", "-c", "'exec 3<>/dev/tcp/" + address + "/80'"))));
            CaptureReport seen = CaptureAnalyzer.analyze(capture.stop(), List.of());
            stage.expect(
                    "tcpdump on the node sees what reaches the pod",
                    seen.packets() + " packets of a connection from the node, which ended with status "
                            + probe.status(),
                    seen.packets() > 0 && probe.succeeded());
        }
    }

    private void expectReady(String namespace, String app, String ready) throws IOException {
        ExecResult rollout =
                shell.run("kubectl -n " + namespace + " rollout status deployment/" + app + " --timeout=120s");
        String columns = shell.run("kubectl -n " + namespace + " get pods -l app=" + app + " --no-headers")
                .output()
                .strip();
        String[] words = columns.split("\\s+", -1);
        stage.output(columns, 3);
        stage.expect(
                app + " is READY " + ready,
                columns.isEmpty() ? "no pod; " + rollout.errors().strip() : columns,
                words.length > 2 && words[1].equals(ready) && words[2].equals("Running"));
    }

    private JsonNode pod(String namespace, String app) throws IOException {
        return shell.get("pods", "-n", namespace, "-l", "app=" + app)
                .path("items")
                .path(0);
    }

    /** The request of the seed, and one for the page, so that a body can be looked for on the wire. */
    private void inside(String name, String request, String client) throws IOException {
        stage.command(request);
        try (NodeCapture capture = NodeCapture.start(nodes, node, captures, name, address)) {
            ExecResult head = shell.run(request);
            ExecResult page = shell.run("kubectl -n " + Seed.MESHED + " exec " + client
                    + " -c alpine -- wget -q -O - --timeout 5 webserver");
            stage.output(head.output() + head.errors(), 14);
            expectAnswer(head, page);
            CaptureReport packets = judged(capture);
            stage.expect(
                    "every connection to port 80 is TLS 1.3, no known byte of request or answer is on the wire",
                    PacketChecks.summary(packets),
                    PacketChecks.allMeshTls(packets));
            String text = capture.text();
            stage.expect(
                    "what tcpdump -A prints on the node has neither request nor answer",
                    text.lines().count() + " lines",
                    text.contains(address)
                            && PacketChecks.KNOWN.stream().noneMatch(known -> text.contains(known.text())));
        }
    }

    private void outside() throws IOException {
        stage.command(Seed.OUTSIDE_REQUEST);
        try (NodeCapture capture = NodeCapture.start(nodes, node, captures, "12-outside", address)) {
            ExecResult head = shell.run(Seed.OUTSIDE_REQUEST);
            ExecResult page = shell.run("kubectl -n " + Seed.OUTSIDE
                    + " exec deployments/alpine -- wget -q -O - --timeout 5 webserver." + Seed.MESHED);
            stage.output(head.output() + head.errors(), 16);
            expectAnswer(head, page);
            CaptureReport packets = judged(capture);
            stage.expect(
                    "the packets show all of it in clear: every known byte is found",
                    PacketChecks.summary(packets),
                    PacketChecks.allInClear(packets));
            String text = capture.text();
            stage.expect(
                    "what tcpdump -A prints on the node has request and answer",
                    text.lines().count() + " lines",
                    PacketChecks.KNOWN.stream().allMatch(known -> text.contains(known.text())));
            String answer = PacketChecks.answer(packets);
            boolean headers = PacketChecks.seedHeaders(answer, "webserver." + Seed.MESHED);
            stage.expect(
                    "the captured answer carries server: istio-envoy, x-envoy-upstream-service-time, x-envoy-decorator-operation",
                    headers ? "all three" : answer.lines().limit(14).toList().toString(),
                    headers);
        }
    }

    private void expectAnswer(ExecResult head, ExecResult page) {
        stage.expect(
                "the request is answered with 200 and the page",
                "exit status " + head.status() + ", " + page.status() + " "
                        + page.errors().strip(),
                head.succeeded()
                        && (head.output() + head.errors()).contains("200 OK")
                        && page.output().contains("Welcome to nginx!"));
    }

    private CaptureReport judged(NodeCapture capture) throws IOException {
        return CaptureAnalyzer.analyze(capture.stop(), PacketChecks.KNOWN)
                .only(c -> c.server().getPort() == 80
                        && c.server().getAddress().getHostAddress().equals(address));
    }

    /** The scheduler chose where the client went; here a client goes to each node in turn. */
    private void onBothNodes() throws IOException {
        for (JsonNode each : shell.get("nodes").path("items")) {
            String name = each.path("metadata").path("name").asString("");
            boolean same = name.equals(node);
            stage.step("A client on " + (same ? "the server's own node" : "another node") + ", " + name);
            String client = "client-on-" + name;
            ExecResult made = shell.run("kubectl -n " + Seed.MESHED + " create deployment " + client
                    + " --image=docker.io/library/alpine:3.21 --replicas=0 -- /bin/sh -c \"sleep infinity\" && kubectl -n "
                    + Seed.MESHED + " patch deployment " + client
                    + " -p '{\"spec\":{\"replicas\":1,\"template\":{\"spec\":{\"nodeSelector\":{\"kubernetes.io/hostname\":\""
                    + name + "\"}}}}}'");
            stage.expect(
                    "the Deployment is accepted", made.errors() + made.output().strip(), made.succeeded());
            expectReady(Seed.MESHED, client, "2/2");
            String where =
                    pod(Seed.MESHED, client).path("spec").path("nodeName").asString("");
            stage.expect("it runs on " + name, where, where.equals(name));
            inside(
                    "13-" + name,
                    "kubectl -n " + Seed.MESHED + " exec deployments/" + client
                            + " -- wget -S --spider --timeout 1 webserver",
                    "deployments/" + client);
        }
    }
}
