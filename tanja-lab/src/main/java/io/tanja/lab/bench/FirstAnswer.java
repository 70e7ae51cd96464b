package io.tanja.lab.bench;

import io.tanja.lab.ExecResult;
import io.tanja.lab.Lab;
import io.tanja.lab.peer.PodProcesses;
import io.tanja.proxy.launch.ProcessStart;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** How long a fresh sidecar takes to its first answer. */
final class FirstAnswer {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    // Only a success counts: while nobody listens there, the client's own sidecar answers 503.
    private static final String ASK = "i=0; while [ $i -lt 2000 ]; do"
            + " if curl -s -f -o /dev/null -m 2 http://$0/; then cut -d' ' -f1 /proc/uptime; exit 0; fi;"
            + " i=$((i+1)); sleep 0.005; done; exit 1";

    private final Lab lab;
    private final String deployment;

    FirstAnswer(Lab lab, String deployment) {
        this.lab = lab;
        this.deployment = deployment;
    }

    /** From the start of the sidecar's process to the first answer to a client in the mesh; the clock ticks in 10 ms. */
    double millis() throws IOException, InterruptedException {
        String address = address();
        ExecResult asked = lab.exec(Bench.NAMESPACE, "deploy/client-tanja", List.of("sh", "-c", ASK, address));
        if (!asked.succeeded()) {
            throw new IOException(deployment + " does not answer: " + asked.errors());
        }
        long sidecar = new PodProcesses(lab, Bench.NAMESPACE, "deploy/" + deployment).sidecar();
        return Double.parseDouble(asked.output().strip()) * 1000
                - ProcessStart.sinceBootMillis(Path.of("/proc/" + sidecar));
    }

    private String address() throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            try {
                var addresses = lab.addresses(Bench.NAMESPACE, "deploy/" + deployment);
                if (!addresses.isEmpty()) {
                    return addresses.getFirst().getHostAddress();
                }
            } catch (IOException notYet) {
                // The deployment has no pod yet.
            }
            Thread.sleep(5);
        }
        throw new IOException(deployment + " gets no address");
    }
}
