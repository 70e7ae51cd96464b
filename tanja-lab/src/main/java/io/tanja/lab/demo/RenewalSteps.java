package io.tanja.lab.demo;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.ConnectionVerdict;
import io.tanja.lab.proof.Verdict;
import io.tanja.lab.sandbox.JavaProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Certificates are renewed in the middle of traffic. One user thread. */
final class RenewalSteps {
    private static final String METRIC = "tanja_certificate_renewals_total{result=\"success\"}";
    private static final List<String> METRICS =
            List.of("wget", "-q", "-O", "-", "http://127.0.0.1:15090/stats/prometheus");

    private final Stage stage;
    private final Lab lab;
    private final Traffic traffic;
    private final JavaProgram program;
    private final String webserver;
    private final Duration lifetime;

    /** @param lifetime of the certificates in this lab; half of it is the time to wait for a renewal */
    RenewalSteps(Stage stage, Lab lab, Traffic traffic, JavaProgram program, String webserver, Duration lifetime) {
        this.stage = stage;
        this.lab = lab;
        this.traffic = traffic;
        this.program = program;
        this.webserver = webserver;
        this.lifetime = lifetime;
    }

    void run() throws IOException {
        stage.step("Certificates are renewed in the middle of traffic");
        long seconds = lifetime.toSeconds() / 2 + 5;
        stage.say("certificates live " + lifetime.toSeconds() + " s in this lab; sending 100 requests per second for "
                + seconds + " s");
        long client = renewals("client");
        long server = renewals("webserver");
        Traffic.Observed seen = traffic.observe(
                "renewal",
                webserver,
                80,
                () -> lab.exec(
                        SeedSteps.MESHED,
                        "deploy/client",
                        program.command(
                                List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx48m"),
                                "io.tanja.lab.app.LoadApp",
                                List.of("http://webserver/", "100", "4", Long.toString(seconds)))));
        client = renewals("client") - client;
        server = renewals("webserver") - server;
        stage.expect(
                "both sidecars have renewed their certificate meanwhile",
                "client " + client + " time(s), webserver " + server + " time(s)",
                client > 0 && server > 0);
        ExecResult load = seen.result();
        stage.output(load.output(), 3);
        JsonNode tally =
                load.output().startsWith("{") ? Yaml.JSON.readTree(load.output()) : Yaml.JSON.createObjectNode();
        long requests = tally.path("requests").asLong(0);
        long failures = tally.path("failures").asLong(-1);
        stage.expect(
                "no request has failed",
                requests + " requests, " + failures + " failed "
                        + tally.path("firstFailure").asString("")
                        + load.errors().lines().limit(2).toList(),
                requests > 50 * seconds && failures == 0);
        // Connections from before are in the pool, and end when the certificate that they began with is replaced.
        CaptureReport begun = seen.packets().only(ConnectionVerdict::begun);
        CaptureReport older = seen.packets().only(c -> !c.begun());
        stage.expect(
                "no byte of it was plaintext",
                PacketChecks.summary(begun) + "; " + older.connections().size() + " older connection(s) with "
                        + older.bytes().opaque() + " bytes",
                begun.allEncrypted() && older.count(Verdict.PLAINTEXT) == 0);
    }

    private long renewals(String deployment) throws IOException {
        ExecResult metrics = lab.exec(SeedSteps.MESHED, "deploy/" + deployment, METRICS);
        return metrics.output()
                .lines()
                .filter(line -> line.startsWith(METRIC))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }
}
