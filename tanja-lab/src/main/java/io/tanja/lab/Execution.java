package io.tanja.lab;

import io.tanja.lab.sandbox.Preflight;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Runs a command and collects what it writes. */
final class Execution {
    private Execution() {}

    static ExecResult run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", Preflight.PATH);
        builder.redirectInput(Path.of("/dev/null").toFile());
        Process process = builder.start();
        try {
            CompletableFuture<String> errors = new CompletableFuture<>();
            Thread.ofPlatform().daemon().name("errors").start(() -> {
                try {
                    errors.complete(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException e) {
                    errors.completeExceptionally(e);
                }
            });
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ExecResult(process.waitFor(), output, errors.join());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + String.join(" ", command), e);
        } finally {
            process.destroyForcibly();
        }
    }
}
