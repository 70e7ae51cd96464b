package io.tanja.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The whole logs of all pods that an application ever had: a pod takes its log with it when it goes. A stream that breaks, as
 * when a kubelet is restarted, is begun anew from the log's beginning. One thread of its own writes.
 */
final class PodLogs implements AutoCloseable {
    private static final long LOOK_MILLIS = 500;

    private final String namespace;
    private final String app;
    private final Path folder;
    private final Shell shell;
    private final Map<String, Process> streams = new HashMap<>();
    private final Thread thread = Thread.ofPlatform().name("pod-logs").unstarted(this::follow);
    private final Set<String> addresses = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    private PodLogs(Shell shell, String namespace, String app, Path folder) {
        this.shell = shell;
        this.namespace = namespace;
        this.app = app;
        this.folder = folder;
    }

    static PodLogs follow(Shell shell, String namespace, String app, Path folder) throws IOException {
        Files.createDirectories(folder);
        PodLogs logs = new PodLogs(shell, namespace, app, folder);
        logs.thread.start();
        return logs;
    }

    /** The lines so far, pod by pod. */
    List<String> lines() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.sorted().toList()) {
                all.append(Files.readString(file, StandardCharsets.UTF_8)).append('\n');
            }
            return all.toString().lines().toList();
        }
    }

    private void follow() {
        try {
            while (!ended) {
                for (String pod : pods()) {
                    Process stream = streams.get(pod);
                    if (stream == null || !stream.isAlive()) {
                        streams.put(pod, begin(pod));
                    }
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The addresses that pods of the namespace have had. */
    Set<String> addresses() {
        return Set.copyOf(addresses);
    }

    private List<String> pods() throws IOException {
        addresses.addAll(List.of(shell.run("kubectl --request-timeout=5s -n " + namespace
                        + " get pods -o jsonpath={.items[*].status.podIP}")
                .output()
                .strip()
                .split("\\s+", -1)));
        return shell.run("kubectl --request-timeout=5s -n " + namespace + " get pods -l app=" + app
                        + " -o name --no-headers")
                .output()
                .lines()
                .map(name -> name.substring(name.indexOf('/') + 1))
                .toList();
    }

    private Process begin(String pod) throws IOException {
        Path file = folder.resolve(pod);
        Path fresh = folder.resolveSibling(pod + ".new");
        Process stream = new ProcessBuilder("kubectl", "-n", namespace, "logs", "-f", pod, "-c", app)
                .redirectErrorStream(true)
                .redirectOutput(Files.exists(file) ? fresh.toFile() : file.toFile())
                .start();
        if (Files.exists(fresh)) {
            // Moved under the writer's hands: what it goes on to write follows its file.
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return stream;
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.values().forEach(Process::destroy);
    }
}
