package io.tanja.lab.bench;

import io.tanja.lab.Lab;
import java.io.IOException;
import java.util.List;

/**
 * A pair of sidecars under load.
 *
 * @param name for the table
 * @param client deployment of the client's pod
 * @param url what the client asks for
 * @param clientProxy the client's sidecar
 * @param serverProxy the server's sidecar
 */
record Contender(String name, String client, String url, ProcessMeter clientProxy, ProcessMeter serverProxy) {
    /**
     * One run.
     *
     * @param microsPerRequest CPU time of both sidecars per request, microseconds
     * @param requestsPerSecond answered
     * @param failed not answered with success
     * @param meanLatency as the load tool prints it
     */
    record Run(double microsPerRequest, double requestsPerSecond, long failed, String meanLatency) {}

    Run run(Lab lab, int connections, int ratePerConnection, int seconds) throws IOException {
        HttpLoad load = new HttpLoad(url, connections, ratePerConnection);
        long before = clientProxy.cpuNanos() + serverProxy.cpuNanos();
        HttpLoad.Result result = load.run(lab, Bench.NAMESPACE, "deploy/" + client, seconds);
        long used = clientProxy.cpuNanos() + serverProxy.cpuNanos() - before;
        return new Run(
                used / 1000.0 / Math.max(1, result.requests()),
                (double) result.requests() / result.seconds(),
                result.failed(),
                result.meanLatency());
    }

    List<ProcessMeter> proxies() {
        return List.of(clientProxy, serverProxy);
    }
}
