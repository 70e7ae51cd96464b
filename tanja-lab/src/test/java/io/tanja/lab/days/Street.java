package io.tanja.lab.days;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.LabOptions;
import io.tanja.lab.PacketCapture;
import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.Needle;
import io.tanja.lab.sandbox.CurrentUser;
import io.tanja.lab.sandbox.InsideProcess;
import io.tanja.lab.sandbox.Preflight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A lab with a meshed client and a meshed server, PERMISSIVE: plaintext would be answered if anybody sent it. Port 80 is
 * declared HTTP and 81 TCP, where each connection of the client is one between the sidecars.
 */
final class Street implements AutoCloseable {
    static final String NAMESPACE = "shop";
    static final String HTTP = "http://web/";
    static final String TCP = "http://web:81/";
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String BASE = """
            apiVersion: deckhouse.io/v1alpha1
            kind: ModuleConfig
            metadata: {name: istio}
            spec: {version: 2, enabled: true}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {istio-injection: enabled}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec:
              selector: {app: web}
              ports: [{name: http, port: 80}, {name: tcp, port: 81}]
            """;

    private static final String WEB =
            "sed 's#listen 80;#listen 80; listen 81;#' /etc/nginx/nginx.conf >/tmp/n.conf && exec nginx -c /tmp/n.conf -g 'daemon off;'";

    final Lab lab;

    private Street(Lab lab) {
        this.lab = lab;
    }

    static Street open(Duration leafLifetime) throws IOException {
        Lab lab = Lab.start(
                LabOptions.named("days" + ProcessHandle.current().pid()).leafLifetime(leafLifetime));
        lab.apply(BASE
                + pod("web", "nginx", "[sh, -c, \"" + WEB + "\"]", "{containerPort: 80}, {containerPort: 81}")
                + client("client")
                + client("late"));
        lab.awaitReady(PATIENCE);
        return new Street(lab);
    }

    static String client(String name) {
        return pod(name, "alpine", "[sleep, infinity]", "");
    }

    private static String pod(String name, String image, String command, String ports) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: NAME, namespace: shop}
                spec:
                  selector: {matchLabels: {app: NAME}}
                  template:
                    metadata: {labels: {app: NAME}}
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers: [{name: main, image: IMAGE, command: COMMAND, ports: [PORTS]}]
                """.replace("NAME", name)
                .replace("IMAGE", image)
                .replace("COMMAND", command)
                .replace("PORTS", ports);
    }

    /** All between the pods and the server's application ports, judged by its packets. */
    CaptureReport packets(PacketCapture capture) throws IOException {
        return CaptureAnalyzer.analyze(
                capture.stop(), List.of(new Needle("request", "tanja-load"), new Needle("page", "Welcome to nginx!")));
    }

    PacketCapture capture() throws IOException {
        String web = lab.addresses(NAMESPACE, "deploy/web").getFirst().getHostAddress();
        return lab.capture("tcp and host " + web + " and (port 80 or port 81)");
    }

    ExecResult get(String client, String url) throws IOException {
        return lab.exec(NAMESPACE, "deploy/" + client, List.of("wget", "-S", "-nv", "-O-", "-T", "5", "-t", "1", url));
    }

    /** A sample of a sidecar's metrics page, 0 if it is not there. */
    long metric(String deployment, String name) throws IOException {
        ExecResult page = lab.exec(
                NAMESPACE,
                "deploy/" + deployment,
                List.of("wget", "-q", "-O-", "http://127.0.0.1:15090/stats/prometheus"));
        return page.output()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    String log(String deployment) throws IOException {
        return lab.logs(NAMESPACE, "deploy/" + deployment, "istio-proxy");
    }

    /** Runs a script on the lab's node, where its files are seen as the lab's processes see them. */
    String onNode(String script) throws IOException {
        long first = InsideProcess.find(lab.status().path("pidNamespace").asString(""), 1);
        List<String> words = new ArrayList<>(List.of("nsenter", "--target=" + first));
        if (CurrentUser.uid() != 0) {
            words.addAll(List.of("--user", "--preserve-credentials"));
        }
        words.addAll(List.of("--mount", "--", "sh", "-c", "cd \"$0\"; " + script));
        words.add(lab.folder().logs().toString());
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("PATH", Preflight.PATH);
        Process process = builder.start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        lab.close();
    }
}
