package io.tanja.lab.sandbox;

import io.tanja.lab.object.Yaml;
import io.tanja.lab.protocol.LabClient;
import io.tanja.lab.protocol.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A sandbox that has been started, as the process that started it sees it. */
public final class Sandbox {
    private static final long READY_SECONDS = 30;
    private static final long LOOK_MILLIS = 25;
    private static final int LOG_TAIL = 20;
    private static final String DAEMON = "io.tanja.lab.daemon.LabDaemon";

    private final Process process;
    private final StateFolder folder;

    private Sandbox(Process process, StateFolder folder) {
        this.process = process;
        this.folder = folder;
    }

    /**
     * Starts a lab and waits until its daemon answers.
     *
     * @param detached whether it outlives the terminal's session
     * @throws IOException if there is one of that name, or it does not come up; the message has the daemon's last words
     */
    public static Sandbox start(LabSettings settings, boolean detached) throws IOException {
        StateFolder folder = new StateFolder(Path.of(settings.folder()));
        folder.open(settings.uid());
        if (folder.isLive()) {
            throw new IOException(
                    "the lab \"" + settings.name() + "\" is up already; end it with: tanja lab down --name "
                            + settings.name() + ", or choose another name with --name");
        }
        List<String> jvm = new ArrayList<>(JavaProgram.FRUGAL);
        jvm.add("-Xms16m");
        List<String> daemon =
                JavaProgram.current().command(jvm, DAEMON, List.of(Yaml.JSON.writeValueAsString(settings)));
        ProcessBuilder builder = new ProcessBuilder(SandboxCommand.of(settings.root(), detached, daemon));
        builder.environment().put("PATH", Preflight.PATH);
        // Names of the caller's world mean nothing inside.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        Files.deleteIfExists(folder.daemonLog());
        builder.redirectErrorStream(true).redirectOutput(folder.daemonLog().toFile());
        if (!settings.owned()) {
            builder.redirectInput(Path.of("/dev/null").toFile());
        }
        Sandbox sandbox = new Sandbox(builder.start(), folder);
        sandbox.awaitAnswer();
        return sandbox;
    }

    /** The process around the sandbox. */
    public Process process() {
        return process;
    }

    /** Kills everything inside and waits for the end, but leaves the state folder. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(READY_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitAnswer() throws IOException {
        LabClient client = new LabClient(folder.socket());
        try {
            for (long waited = 0; waited < READY_SECONDS * 1_000; waited += LOOK_MILLIS) {
                if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new IOException("the lab did not come up; its last words:\n" + lastWords());
                }
                if (Files.exists(folder.socket()) && client.answers(new Request.Status())) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
        throw new IOException("the lab did not answer within " + READY_SECONDS + " s; its last words:\n" + lastWords());
    }

    private String lastWords() throws IOException {
        List<String> lines = Files.readAllLines(folder.daemonLog());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
    }
}
