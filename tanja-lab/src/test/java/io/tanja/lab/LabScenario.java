package io.tanja.lab;

import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.Needle;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/** What a lab must be able to do for anybody; also a program, for the tests that do it as another user. */
public final class LabScenario {
    static final List<String> REQUESTS = List.of(
            "wget -nv -O- http://web",
            "wget -nv -O- http://web.shop.svc.cluster.local",
            "wget -4 -nv -O- http://dual.shop",
            "wget -6 -nv -O- http://dual.shop",
            "wget -4 -nv -O- http://headless",
            "wget -6 -nv -O- http://headless");

    static final String MANIFEST = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: shop}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: web, image: "docker.io/library/nginx:1.26-alpine", ports: [{containerPort: 80}]}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: alone, namespace: shop}
            spec:
              selector: {matchLabels: {app: alone}}
              template:
                metadata: {labels: {app: alone}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: web, image: nginx, ports: [{containerPort: 80}]}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: who, namespace: shop}
            spec:
              replicas: 2
              selector: {matchLabels: {app: who}}
              template:
                metadata: {labels: {app: who}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: who
                    image: all-in-one-image
                    command:
                    - /bin/sh
                    - -c
                    - |
                      sed "s|listen 80|listen 8080|; s|listen \\[::\\]:80|listen [::]:8080|; s|index index.html;|return 200 $HOSTNAME;|" /etc/nginx/nginx.conf > /tmp/own.conf
                      exec nginx -c /tmp/own.conf -g "daemon off;"
                    ports: [{containerPort: 8080}]
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: client, namespace: shop}
            spec:
              selector: {matchLabels: {app: client}}
              template:
                metadata: {labels: {app: client}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: alpine, image: "docker.io/library/alpine:3.21", command: [/bin/sh, -c, "sleep infinity"]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web, namespace: shop}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: dual, namespace: shop}
            spec: {selector: {app: web}, ipFamilyPolicy: PreferDualStack, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: headless, namespace: shop}
            spec: {selector: {app: web}, clusterIP: None, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: alone, namespace: shop}
            spec: {selector: {app: alone}, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: who, namespace: shop}
            spec: {selector: {app: who}, ports: [{port: 8080}]}
            """;

    private LabScenario() {}

    /** Starts a lab, sends the requests, captures, ends it; prints {@code ok} if all went well. */
    public static void main(String[] args) throws IOException {
        try (Lab lab = Lab.start(LabOptions.named("s" + ProcessHandle.current().pid()))) {
            lab.apply(MANIFEST);
            lab.awaitReady(Duration.ofSeconds(60));
            PacketCapture capture = lab.capture("tcp", "port", "80");
            for (String command : REQUESTS) {
                ExecResult result = lab.exec("shop", "deploy/client", List.of("sh", "-c", command));
                if (!result.succeeded() || !result.output().contains("Welcome to nginx!")) {
                    throw new IOException(command + ": " + result);
                }
            }
            long size = Files.size(capture.stop());
            if (size < 1_000) {
                throw new IOException("the capture has only " + size + " bytes");
            }
            mesh(lab);
        }
        System.out.println("ok");
    }

    /** The same pods once more, in the mesh: the packets of the first request must be ciphertext. */
    private static void mesh(Lab lab) throws IOException {
        lab.apply("apiVersion: deckhouse.io/v1alpha1\nkind: ModuleConfig\nmetadata: {name: istio}\n"
                + "spec: {version: 2, enabled: true}\n---\n"
                + MANIFEST.replace("{name: shop}", "{name: mesh, labels: {istio-injection: enabled}}")
                        .replace("namespace: shop", "namespace: mesh"));
        lab.awaitReady(Duration.ofSeconds(90));
        String web = lab.addresses("mesh", "deploy/web").getFirst().getHostAddress();
        PacketCapture capture = lab.capture("host", web, "and", "port", "80");
        ExecResult result =
                lab.exec("mesh", "deploy/client", List.of("wget", "-nv", "-O-", "http://web/?needle-of-the-test"));
        CaptureReport report = CaptureAnalyzer.analyze(
                capture.stop(), List.of(new Needle("request", "needle-of-the-test"), new Needle("page", "Welcome to")));
        if (!result.succeeded() || !report.allEncrypted()) {
            throw new IOException("not encrypted: " + result + ", " + report);
        }
    }
}
