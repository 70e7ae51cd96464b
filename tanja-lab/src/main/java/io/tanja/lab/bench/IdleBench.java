package io.tanja.lab.bench;

import io.tanja.lab.Lab;
import io.tanja.lab.peer.PeerCertificate;
import io.tanja.lab.peer.PodProcesses;
import io.tanja.lab.sandbox.Preflight;
import io.tanja.model.identity.SpiffeId;
import io.tanja.model.identity.TrustDomain;
import io.tanja.pki.ca.CaMaterialException;
import io.tanja.pki.ca.IssuanceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Many silent connections through one server's sidecar: do they stay, what do they cost, is a new request still answered?
 * They come from a pod outside the mesh, in plaintext, or in mutual TLS with a certificate of the mesh. On a port
 * declared HTTP each takes one file descriptor of the sidecar, on one declared TCP two, as its upstream stays open.
 */
final class IdleBench {
    private static final Duration READY = Duration.ofSeconds(90);
    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xmx1500m");
    private static final String NGINX = "mkdir -p /tmp/www && echo idle >/tmp/www/index.html"
            + " && sed -e 's#root .*;#root /tmp/www;#' -e 's#listen 80;#listen 80; listen 81; keepalive_timeout 1h;#'"
            + " -e 's#worker_connections .*;#worker_connections 30000;#' -e 's#access_log .*;#access_log off;#'"
            + " /etc/nginx/nginx.conf >/tmp/idle.conf && exec nginx -c /tmp/idle.conf -g 'daemon off;'";

    private final Lab lab;
    private final PrintStream out;
    private final InstantSource clock;

    IdleBench(Lab lab, PrintStream out, InstantSource clock) {
        this.lab = lab;
        this.out = out;
        this.clock = clock;
    }

    /**
     * What was seen.
     *
     * @param kind of connection
     * @param wanted how many were tried
     * @param opened what the client says of opening them
     * @param after what it says after the silence
     * @param restKilobytes resident memory of the sidecar before
     * @param idleKilobytes the same with all connections open
     * @param descriptors file descriptors of the sidecar with all connections open
     */
    record Row(
            String kind,
            int wanted,
            String opened,
            String after,
            long restKilobytes,
            long idleKilobytes,
            long descriptors) {}

    /**
     * Runs it, each kind against a sidecar of its own.
     *
     * @param connections how many
     * @param silence how long they carry nothing
     */
    List<Row> run(int connections, Duration silence)
            throws IOException, InterruptedException, IssuanceException, CaMaterialException {
        lab.apply(BenchManifest.BASE);
        lab.apply(BenchManifest.outsider());
        List<String> kinds = List.of("http-plain", "http-mtls", "tcp-plain");
        for (String kind : kinds) {
            lab.apply(BenchManifest.server(kind, NGINX));
        }
        lab.awaitReady(READY);
        SpiffeId id = new SpiffeId(TrustDomain.CLUSTER_LOCAL, Bench.NAMESPACE, "default");
        PeerCertificate own = PeerCertificate.of(lab.folder().control().resolve("ca"), id, clock.instant());
        List<Row> rows = new ArrayList<>();
        for (String kind : kinds) {
            out.println(kind);
            List<String> certificate =
                    kind.endsWith("mtls") ? List.of(own.chainPem(), own.keyPem(), own.rootsPem()) : List.of();
            rows.add(one(kind, kind.startsWith("tcp") ? 81 : 80, connections, silence, certificate));
        }
        return rows;
    }

    private Row one(String kind, int port, int connections, Duration silence, List<String> certificate)
            throws IOException, InterruptedException {
        String target = "deploy/server-" + kind;
        ProcessMeter sidecar = new ProcessMeter(new PodProcesses(lab, Bench.NAMESPACE, target).sidecar());
        String address = lab.addresses(Bench.NAMESPACE, target).getFirst().getHostAddress();
        List<String> arguments =
                new ArrayList<>(List.of(address, Integer.toString(port), Integer.toString(connections)));
        arguments.addAll(certificate);
        List<String> command = lab.program().command(JVM, "io.tanja.lab.app.IdleApp", arguments);
        long rest = sidecar.rssKilobytes();
        ProcessBuilder builder = new ProcessBuilder(lab.enter(BenchManifest.STREET, "deploy/outsider", command));
        builder.environment().put("PATH", Preflight.PATH);
        Process client = builder.redirectErrorStream(true).start();
        try (BufferedReader said = client.inputReader();
                OutputStream tell = client.getOutputStream()) {
            String opened = String.valueOf(said.readLine());
            out.println(opened);
            Thread.sleep(silence);
            long idle = sidecar.rssKilobytes();
            long descriptors = sidecar.descriptors();
            tell.write('\n');
            tell.flush();
            String after = String.valueOf(said.readLine());
            out.println(after);
            return new Row(kind, connections, opened, after, rest, idle, descriptors);
        } finally {
            client.destroyForcibly();
        }
    }

    /** The rows as a table in Markdown. */
    static String markdown(List<Row> rows, long limit) {
        StringBuilder text = new StringBuilder("Open files that a process may have on this machine: " + limit + "\n\n"
                + "| connections | wanted | opened | after the silence | sidecar's RSS before, MB | with them, MB |"
                + " per connection, KB | file descriptors |\n|---|---|---|---|---|---|---|---|\n");
        for (Row row : rows) {
            text.append("| %s | %d | %s | %s | %d | %d | %.1f | %d |%n"
                    .formatted(
                            row.kind,
                            row.wanted,
                            row.opened,
                            row.after,
                            row.restKilobytes / 1024,
                            row.idleKilobytes / 1024,
                            (double) (row.idleKilobytes - row.restKilobytes) / row.wanted,
                            row.descriptors));
        }
        return text.toString();
    }
}
