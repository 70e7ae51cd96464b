package io.tanja.lab.cluster;

import io.tanja.lab.ExecResult;
import io.tanja.lab.object.NewObject;
import io.tanja.lab.proof.CaptureReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A namespace of the mesh with servers on all nodes, a load that never rests, and a client for single questions. */
final class ClusterStreet implements AutoCloseable {
    static final String NAMESPACE = "tanja-days";

    private static final Duration PATIENCE = Duration.ofSeconds(200);
    private static final long SOON_NANOS = Duration.ofMinutes(2).toNanos();
    private static final String PYTHON = "docker.io/library/python:3-alpine";

    private final Shell shell = new Shell(PATIENCE);
    private final NodeShell nodeShell;
    private final Path folder;
    private final List<String> nodes;
    private final PodLogs logs;

    /**
     * What became of requests.
     *
     * @param answered how many got the page
     * @param failures what became of the others
     */
    record Tally(long answered, List<String> failures) {}

    private ClusterStreet(Path folder) throws IOException {
        String exec = System.getenv("TANJA_NODE_EXEC");
        this.nodeShell = NodeShell.of(exec == null ? NodeShell.SSH : exec);
        this.folder = folder;
        this.nodes = shell.get("nodes")
                .path("items")
                .valueStream()
                .map(node -> node.path("metadata").path("name").asString(""))
                .toList();
        this.logs = PodLogs.follow(shell, NAMESPACE, "load", folder.resolve("logs"));
    }

    static ClusterStreet open(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        ClusterStreet street = new ClusterStreet(folder);
        street.apply(objects());
        for (String app : List.of("webserver", "slow", "client", "load")) {
            street.kubectl("-n " + NAMESPACE + " rollout status deploy/" + app + " --timeout=180s");
        }
        return street;
    }

    private void apply(String objects) throws IOException {
        Path file = Files.writeString(folder.resolve("objects.yaml"), objects);
        kubectl("apply -f " + file.toAbsolutePath());
    }

    private static String objects() throws IOException {
        ObjectNode module = NewObject.of("deckhouse.io/v1alpha1", "ModuleConfig", "istio");
        module.putObject("spec").put("version", 2).put("enabled", true);
        ObjectNode namespace = NewObject.of("v1", "Namespace", NAMESPACE);
        namespace.withObjectProperty("metadata").putObject("labels").put("istio-injection", "enabled");
        ObjectNode scripts = NewObject.of("v1", "ConfigMap", NAMESPACE, "scripts");
        scripts.putObject("data").put("load.py", resource("load.py")).put("slow.py", resource("slow.py"));
        return NewObject.text(
                module,
                namespace,
                scripts,
                webserver(),
                service("webserver", "http"),
                service("webserver-raw", "tcp"),
                python("slow", List.of("python3", "-u", "/scripts/slow.py")),
                slowService(),
                deployment("client", "docker.io/library/alpine:3.21", List.of("sleep", "infinity")),
                python("load", List.of("python3", "-u", "/scripts/load.py", "webserver", "60")));
    }

    private static ObjectNode webserver() {
        ObjectNode deployment = deployment("webserver", "docker.io/library/nginx:1.26-alpine", List.of());
        deployment.withObjectProperty("spec").put("replicas", 2);
        deployment
                .withObjectProperty("spec")
                .putObject("strategy")
                .putObject("rollingUpdate")
                .put("maxUnavailable", 0)
                .put("maxSurge", 1);
        ObjectNode spec = NewObject.template(deployment).withObjectProperty("spec");
        ObjectNode spread = spec.withArrayProperty("topologySpreadConstraints").addObject();
        spread.put("maxSkew", 1).put("topologyKey", "kubernetes.io/hostname").put("whenUnsatisfiable", "DoNotSchedule");
        spread.putArray("matchLabelKeys").add("pod-template-hash");
        spread.putObject("labelSelector").putObject("matchLabels").put("app", "webserver");
        ObjectNode container = (ObjectNode) spec.path("containers").path(0);
        container
                .putObject("readinessProbe")
                .put("periodSeconds", 1)
                .putObject("httpGet")
                .put("path", "/")
                .put("port", 80);
        // nginx cuts off what it answers when it gets SIGTERM; as everywhere, it must be left alone first.
        container.putObject("lifecycle").putObject("preStop").putObject("sleep").put("seconds", 3);
        return deployment;
    }

    private static ObjectNode python(String name, List<String> command) {
        ObjectNode deployment = deployment(name, PYTHON, command);
        ObjectNode spec = NewObject.template(deployment).withObjectProperty("spec");
        spec.withArrayProperty("volumes")
                .addObject()
                .put("name", "scripts")
                .putObject("configMap")
                .put("name", "scripts");
        ((ObjectNode) spec.path("containers").path(0))
                .withArrayProperty("volumeMounts")
                .addObject()
                .put("name", "scripts")
                .put("mountPath", "/scripts");
        return deployment;
    }

    private static ObjectNode deployment(String name, String image, List<String> command) {
        return NewObject.deployment(
                NewObject.of("apps/v1", "Deployment", NAMESPACE, name),
                List.of(NewObject.container(name, image, command, List.of())));
    }

    /** The webserver's port 80, by its protocol: through one declared tcp every connection has an upstream one of its own. */
    private static ObjectNode service(String name, String protocol) {
        ObjectNode service =
                NewObject.service(NewObject.of("v1", "Service", NAMESPACE, name), Map.of("app", "webserver"));
        NewObject.port(service, 80, 80).put("name", protocol);
        return service;
    }

    private static ObjectNode slowService() {
        ObjectNode service = NewObject.service(NewObject.of("v1", "Service", NAMESPACE, "slow"), Map.of("app", "slow"));
        NewObject.port(service, 8080, 8080).put("name", "http");
        return service;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ClusterStreet.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Changes how many requests a second the load sends. */
    void rate(int perSecond) throws IOException {
        kubectl("-n " + NAMESPACE + " patch deploy/load --type=json -p '[{\"op\":\"replace\",\"path\":"
                + "\"/spec/template/spec/containers/0/command/4\",\"value\":\"" + perSecond + "\"}]'");
        kubectl("-n " + NAMESPACE + " rollout status deploy/load --timeout=180s");
    }

    /** What {@code kubectl} prints. */
    String kubectl(String arguments) throws IOException {
        ExecResult result = tryKubectl(arguments);
        if (!result.succeeded()) {
            throw new IOException(
                    "kubectl " + arguments + ": " + result.errors().strip());
        }
        return result.output().strip();
    }

    ExecResult tryKubectl(String arguments) throws IOException {
        return shell.run(
                "kubectl --request-timeout=" + (arguments.contains("rollout") ? "0" : "30s") + " " + arguments);
    }

    /** Something that is to come. */
    interface Condition {
        boolean holds() throws IOException;
    }

    void until(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + SOON_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("does not come: " + what);
            }
            Thread.sleep(200);
        }
    }

    NodePackets capture(String name) throws IOException {
        return NodePackets.start(nodeShell, nodes, folder.resolve("captures"), name.replaceAll("[^a-z0-9]+", "-"), 300);
    }

    /** Waits until requests that are sent from now on have been answered, and their numbers are in the log. */
    void awaitTraffic() throws IOException, InterruptedException {
        long from = Instant.now().getEpochSecond() + 1;
        until("answered requests", () -> seconds().stream().anyMatch(s -> s[0] >= from + 2 && s[1] > 0));
    }

    /** Of what was captured, the connections of this namespace's pods. */
    List<CaptureReport> own(List<CaptureReport> reports) {
        Set<String> own = logs.addresses();
        return reports.stream()
                .map(report ->
                        report.only(c -> own.contains(c.client().getAddress().getHostAddress())
                                || own.contains(c.server().getAddress().getHostAddress())))
                .toList();
    }

    /** What became of the requests of a time, in whole seconds. */
    Tally tally(Instant begin, Instant end) throws IOException {
        long answered = seconds().stream()
                .filter(s -> s[0] >= begin.getEpochSecond() && s[0] <= end.getEpochSecond())
                .mapToLong(s -> s[1])
                .sum();
        List<String> failures = logs.lines().stream()
                .filter(line -> line.startsWith("F "))
                .filter(line -> {
                    double at = Double.parseDouble(line.split(" ", 3)[1]);
                    return at >= begin.getEpochSecond() && at <= end.getEpochSecond() + 1;
                })
                .toList();
        return new Tally(answered, failures);
    }

    private List<long[]> seconds() throws IOException {
        return logs.lines().stream()
                .filter(line -> line.matches("S \\d+ \\d+ \\d+"))
                .map(line -> line.split(" ", -1))
                .map(words -> new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])})
                .toList();
    }

    /** Makes a pod; gives what kubectl says of it, warnings included. */
    String runPod(String name) throws IOException {
        ExecResult made = tryKubectl(
                "-n " + NAMESPACE + " run " + name + " --image=docker.io/library/alpine:3.21 -- sleep infinity");
        if (!made.succeeded()) {
            throw new IOException(made.errors());
        }
        return made.output() + made.errors();
    }

    /** A pod's column READY. */
    String ready(String pod) throws IOException {
        return kubectl("-n " + NAMESPACE + " get pod " + pod + " --no-headers").split("\\s+", -1)[1];
    }

    /** What the API server does without an answer of the webhooks, one word for each. */
    String failurePolicies() throws IOException {
        return kubectl(
                "get mutatingwebhookconfiguration tanja-sidecar-injector -o jsonpath={.webhooks[*].failurePolicy}");
    }

    /** A pod that is made now becomes ready with its sidecar and has an answer from a server. */
    void newPodIsServed(String name) throws IOException {
        apply(NewObject.text(deployment(name, "docker.io/library/alpine:3.21", List.of("sleep", "infinity"))));
        kubectl("-n " + NAMESPACE + " rollout status deploy/" + name + " --timeout=120s");
        String page =
                kubectl("-n " + NAMESPACE + " exec deploy/" + name + " -c " + name + " -- wget -q -O - webserver");
        if (!page.contains("Welcome")) {
            throw new IOException("no page but: " + page);
        }
        kubectl("-n " + NAMESPACE + " delete deploy/" + name + " --wait=false");
    }

    /** Asks for eight seconds of an answer, and deletes the answering pod after two. */
    String slowAnswerWhileDeleted() throws IOException, InterruptedException {
        CompletableFuture<ExecResult> answer = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                answer.complete(shell.run("kubectl -n " + NAMESPACE
                        + " exec deploy/client -c client -- wget -q -O - --tries=1 http://slow:8080/"));
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        Thread.sleep(2_000);
        JsonNode pod = shell.get("pods", "-n", NAMESPACE, "-l", "app=slow")
                .path("items")
                .path(0);
        kubectl("-n " + NAMESPACE + " delete pod "
                + pod.path("metadata").path("name").asString("") + " --wait=false");
        try {
            ExecResult result = answer.get(60, TimeUnit.SECONDS);
            return result.succeeded() ? result.output() : result.output() + " " + result.errors();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        }
    }

    /** Kills the kubelet of the last node, and starts it with the same command line. */
    void restartKubelet() throws IOException, InterruptedException {
        String node = nodes.getLast();
        Path pid = Stopped.processes().resolve("node" + node.replaceAll("\\D", "") + "-kubelet.pid");
        ExecResult restarted = shell.run("""
                set -e
                read -r pid rest < PID
                mapfile -d '' -t words < /proc/$pid/cmdline
                log=$(readlink /proc/$pid/fd/1)
                for child in $(cat /proc/$pid/task/$pid/children) $pid; do kill -KILL $child 2>/dev/null || true; done
                sleep 3
                setsid nohup "${words[@]}" >>"$log" 2>&1 </dev/null &
                echo "$! $(sed 's/.*) //' /proc/$!/stat | awk '{print $20}')" > PID
                """.replace("PID", pid.toString()));
        if (!restarted.succeeded()) {
            throw new IOException(restarted.errors());
        }
        long since = Instant.now().getEpochSecond();
        until("a fresh heartbeat of " + node, () -> {
            String renewed = kubectl("-n kube-node-lease get lease " + node + " -o jsonpath={.spec.renewTime}");
            return Instant.parse(renewed).getEpochSecond() > since + 1;
        });
        kubectl("wait --for=condition=Ready node/" + node + " --timeout=60s");
    }

    @Override
    public void close() throws IOException {
        logs.close();
        tryKubectl("delete namespace " + NAMESPACE + " --wait=false");
    }
}
