package io.tanja.lab.cluster;

import io.tanja.lab.ExecResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Types commands as a user does. {@code d8 k} is {@code kubectl}, as on the seed document's platform; which cluster is meant
 * says {@code KUBECONFIG}.
 *
 * @param patience after which a command is killed
 */
public record Shell(Duration patience) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int KILLED = 137;
    private static final String D8 = "d8() { shift; kubectl \"$@\"; }\n";

    /** Runs a script; its exit status is that of its last command. */
    public ExecResult run(String script) throws IOException {
        return run(List.of("bash", "-c", D8 + script));
    }

    /**
     * Runs {@code kubectl get -o json}.
     *
     * @throws IOException if it fails, with what it said
     */
    public JsonNode get(String... what) throws IOException {
        List<String> command = new ArrayList<>(List.of("kubectl", "get", "-o", "json"));
        command.addAll(List.of(what));
        ExecResult result = run(command);
        if (!result.succeeded()) {
            throw new IOException(
                    String.join(" ", command) + ": " + result.errors().strip());
        }
        return JSON.readTree(result.output());
    }

    private ExecResult run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        CompletableFuture<String> output = read(process.getInputStream());
        CompletableFuture<String> errors = read(process.getErrorStream());
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                return new ExecResult(KILLED, output.join(), errors.join() + "\nkilled after " + patience);
            }
            return new ExecResult(process.exitValue(), output.join(), errors.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.getLast(), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static CompletableFuture<String> read(InputStream in) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (in) {
                text.complete(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                text.completeExceptionally(e);
            }
        });
        return text;
    }
}
