package io.tanja.lab.days;

import io.tanja.lab.Lab;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.sandbox.Preflight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Requests from a pod at a steady rate, until they are ended. One user thread. */
final class Load implements AutoCloseable {
    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx48m");

    private final Process process;

    private Load(Process process) {
        this.process = process;
    }

    /**
     * What came of it.
     *
     * @param requests sent
     * @param failures not answered with 200
     * @param firstFailure the first of them, empty without one
     */
    record Tally(long requests, long failures, String firstFailure) {}

    /** Requests over four connections that are kept. */
    static Load kept(Lab lab, String namespace, String client, String url) throws IOException {
        return start(lab, namespace, client, List.of(url, "60", "4", "0"));
    }

    /** Requests with a connection of its own each. */
    static Load fresh(Lab lab, String namespace, String client, String url) throws IOException {
        return start(lab, namespace, client, List.of(url, "20", "2", "0", "fresh"));
    }

    private static Load start(Lab lab, String namespace, String client, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(lab.program().command(JVM, "io.tanja.lab.app.LoadApp", arguments));
        ProcessBuilder builder = new ProcessBuilder(lab.enter(namespace, "deploy/" + client, command));
        builder.environment().put("PATH", Preflight.PATH);
        return new Load(builder.redirectErrorStream(true).start());
    }

    /** Ends it and counts. */
    Tally end() throws IOException {
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!said.startsWith("{")) {
            throw new IOException("the load gave no count: " + said);
        }
        JsonNode tally = Yaml.JSON.readTree(said);
        return new Tally(
                tally.path("requests").asLong(0),
                tally.path("failures").asLong(-1),
                tally.path("firstFailure").asString(""));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
