package io.tanja.lab.bench;

import io.tanja.lab.Lab;
import io.tanja.lab.peer.EnvoyProcess;
import io.tanja.lab.peer.EnvoySidecar;
import io.tanja.lab.peer.PeerCertificate;
import io.tanja.lab.peer.PodProcesses;
import io.tanja.lab.pod.Privileges;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.ca.CaMaterialException;
import io.tanja.pki.ca.IssuanceException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Pairs of sidecars in pods of one lab, ours and Envoy's, under the same load in turns: load, client's sidecar, mutual
 * TLS 1.3, server's sidecar, nginx, 1 KiB. All sidecars share CPU 1; load and nginx have CPU 0.
 */
final class Bench {
    static final String NAMESPACE = "bench";

    private static final SpiffeId IDENTITY = new SpiffeId(TrustDomain.CLUSTER_LOCAL, NAMESPACE, "default");
    private static final Duration READY = Duration.ofSeconds(90);
    private static final int PROXY_CPU = 1;
    // The compiler of a JVM that has one CPU with three others is not done sooner.
    private static final int WARM_UP_SECONDS = 20;
    private static final String NGINX = "mkdir -p /tmp/www && head -c 1024 /dev/zero | tr '\\0' x > /tmp/www/index.html"
            + " && sed -e 's#root .*;#root /tmp/www;#' -e 's#listen 80;#listen 80; listen 81; keepalive_requests 1000000000;#'"
            + " -e 's#access_log .*;#access_log off;#' /etc/nginx/nginx.conf > /tmp/bench.conf"
            + " && exec taskset -c 0 nginx -c /tmp/bench.conf -g 'daemon off;'";

    private final Lab lab;
    private final Path envoy;
    private final PrintStream out;
    private final InstantSource clock;
    private final List<EnvoyProcess> envoys = new ArrayList<>();

    Bench(Lab lab, Path envoyBinary, PrintStream out, InstantSource clock) throws IOException {
        this.lab = lab;
        this.out = out;
        this.clock = clock;
        // The sidecars' user cannot enter every folder that a build may lie in.
        envoy = lab.folder().programs().resolve("envoy");
        Files.copy(envoyBinary, envoy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }

    /**
     * Runs it.
     *
     * @param runs interleaved runs of each load
     * @param seconds length of a run
     */
    BenchReport run(int runs, int seconds)
            throws IOException, InterruptedException, IssuanceException, CaMaterialException {
        try {
            List<Contender> http = new ArrayList<>();
            List<Contender> tcp = new ArrayList<>();
            setUp(http, tcp);
            List<Contender> all = new ArrayList<>(http);
            all.addAll(tcp);
            for (Contender contender : all) {
                for (ProcessMeter proxy : contender.proxies()) {
                    proxy.pin(PROXY_CPU);
                }
            }
            Map<String, Long> rss = new LinkedHashMap<>();
            for (Contender contender : http) {
                rss.put(contender.name(), contender.serverProxy().rssKilobytes());
            }
            out.println("warming up");
            for (Contender contender : all) {
                contender.run(lab, 32, 0, Math.max(WARM_UP_SECONDS, seconds));
            }
            List<BenchReport.Row> rows = new ArrayList<>();
            rows.add(compare("HTTP/1.1, saturated, 32 connections", http, 32, 0, runs, seconds));
            rows.add(compare("HTTP/1.1, 2,000 requests per second", http, 20, 100, runs, seconds));
            rows.add(compare("TCP, saturated, 32 connections", tcp, 32, 0, runs, seconds));
            rows.add(compare("TCP, 2,000 requests per second", tcp, 20, 100, runs, seconds));
            Map<String, Long> loaded = new LinkedHashMap<>();
            for (Contender contender : http) {
                loaded.put(contender.name(), contender.serverProxy().rssKilobytes());
            }
            return new BenchReport(rows, rss, loaded, firstAnswers(runs), runs, seconds);
        } finally {
            envoys.forEach(EnvoyProcess::close);
        }
    }

    private void setUp(List<Contender> http, List<Contender> tcp)
            throws IOException, InterruptedException, IssuanceException, CaMaterialException {
        lab.apply(BenchManifest.BASE);
        for (String pair : List.of("tanja", "envoy-http", "envoy-tcp")) {
            lab.apply(BenchManifest.pair(pair, NGINX));
        }
        lab.apply(BenchManifest.policy("server-tanja"));
        lab.awaitReady(READY);
        http.add(ours("tanja", "http://server-tanja/"));
        tcp.add(ours("tanja", "http://server-tanja:81/"));
        http.add(theirs("envoy-http", true));
        tcp.add(theirs("envoy-tcp", false));
    }

    private Contender ours(String name, String url) throws IOException {
        return new Contender(name, "client-tanja", url, sidecar("client-tanja"), sidecar("server-tanja"));
    }

    private ProcessMeter sidecar(String deployment) throws IOException {
        return new ProcessMeter(new PodProcesses(lab, NAMESPACE, "deploy/" + deployment).sidecar());
    }

    private Contender theirs(String name, boolean http)
            throws IOException, InterruptedException, IssuanceException, CaMaterialException {
        ProcessMeter client = envoy("client-" + name, http);
        ProcessMeter server = envoy("server-" + name, http);
        String address =
                lab.addresses(NAMESPACE, "deploy/server-" + name).getFirst().getHostAddress();
        return new Contender(name, "client-" + name, "http://" + address + "/", client, server);
    }

    private ProcessMeter envoy(String deployment, boolean http)
            throws IOException, InterruptedException, IssuanceException, CaMaterialException {
        PeerCertificate certificate =
                PeerCertificate.of(lab.folder().control().resolve("ca"), IDENTITY, clock.instant());
        Path log = lab.folder().programs().resolve(deployment + "-access.log");
        Files.createFile(log);
        Files.setAttribute(log, "unix:uid", Privileges.SIDECAR_UID);
        EnvoySidecar config = new EnvoySidecar(
                IDENTITY,
                certificate.chainPem(),
                certificate.keyPem(),
                certificate.rootsPem(),
                true,
                http,
                List.of(IDENTITY),
                true,
                http,
                http ? log.toString() : null);
        EnvoyProcess process = EnvoyProcess.replace(
                lab,
                NAMESPACE,
                "deploy/" + deployment,
                envoy,
                config,
                lab.folder().programs());
        envoys.add(process);
        return new ProcessMeter(process.pid());
    }

    private BenchReport.Row compare(String load, List<Contender> pair, int connections, int rate, int runs, int seconds)
            throws IOException {
        Map<String, List<Contender.Run>> results = new LinkedHashMap<>();
        for (int i = 0; i < runs; i++) {
            for (Contender contender : pair) {
                Contender.Run run = contender.run(lab, connections, rate, seconds);
                out.printf(
                        "%s: %s %.1f us/request, %.0f requests/s, %d failed%n",
                        load, contender.name(), run.microsPerRequest(), run.requestsPerSecond(), run.failed());
                results.computeIfAbsent(contender.name(), _ -> new ArrayList<>())
                        .add(run);
            }
        }
        return new BenchReport.Row(
                load, results.get(pair.get(0).name()), results.get(pair.get(1).name()));
    }

    /** Milliseconds from a sidecar's start to the first request answered through it, the control plane being up. */
    private List<Double> firstAnswers(int runs) throws IOException, InterruptedException {
        List<Double> answers = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            String name = "fresh-" + i;
            lab.apply(BenchManifest.fresh(name, NGINX));
            answers.add(new FirstAnswer(lab, name).millis());
            lab.delete("Deployment", NAMESPACE, name);
        }
        return answers;
    }
}
