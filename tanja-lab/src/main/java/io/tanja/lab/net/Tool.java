package io.tanja.lab.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the machine's own network tools ({@code ip}, {@code nft}) and turns their failure into an exception. */
public final class Tool {
    private static final long TIMEOUT_SECONDS = 20;

    private Tool() {}

    /**
     * Runs a command to its end.
     *
     * @param input what it reads on standard input
     * @return what it printed on standard output and error
     * @throws IOException if it cannot start, fails or hangs; the message has the command and what it printed
     */
    public static String run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(
                        String.join(" ", command) + " did not end within " + TIMEOUT_SECONDS + " s: " + output);
            }
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed with status " + process.exitValue() + ": "
                        + output.strip() + (input.isEmpty() ? "" : "\ninput was:\n" + input));
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + String.join(" ", command), e);
        } finally {
            process.destroyForcibly();
        }
    }
}
