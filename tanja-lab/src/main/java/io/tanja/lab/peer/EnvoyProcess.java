package io.tanja.lab.peer;

import io.tanja.lab.Lab;
import io.tanja.lab.pod.Privileges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Runs Envoy in the place of a pod's sidecar. Needs root. */
public final class EnvoyProcess implements AutoCloseable {
    private static final long READY_MILLIS = 15_000;

    private final Process process;
    private final long pid;

    private EnvoyProcess(Process process, long pid) {
        this.process = process;
        this.pid = pid;
    }

    /**
     * Ends the pod's own sidecar and starts Envoy there; returns when it listens.
     *
     * @param binary Envoy, which uid 1337 must be able to run
     * @param config its bootstrap
     * @param folder for its configuration (which has a private key in it, and is readable by uid 1337 only) and its log
     */
    public static EnvoyProcess replace(
            Lab lab, String namespace, String target, Path binary, EnvoySidecar config, Path folder)
            throws IOException, InterruptedException {
        PodProcesses pod = new PodProcesses(lab, namespace, target);
        lab.killProxy(namespace, target);
        String name = target.replace('/', '-');
        Path file = folder.resolve(name + ".json");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, config.json());
        Files.setAttribute(file, "unix:uid", Privileges.SIDECAR_UID);
        Path log = folder.resolve(name + ".log");
        Process process = pod.startAsSidecar(
                List.of(
                        binary.toString(),
                        "-c",
                        file.toString(),
                        "--concurrency",
                        "1",
                        "--disable-hot-restart",
                        "--log-level",
                        "warning"),
                log);
        long end = System.nanoTime() + READY_MILLIS * 1_000_000;
        while (!listens(lab, namespace, target)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("Envoy does not start: " + Files.readString(log));
            }
            Thread.sleep(50);
        }
        return new EnvoyProcess(process, pod.find(command -> command.startsWith(binary.toString())));
    }

    /** Its process id, as seen here. */
    public long pid() {
        return pid;
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static boolean listens(Lab lab, String namespace, String target) throws IOException {
        // Ports 15001 and 15006 in the kernel's notation.
        String tcp =
                lab.exec(namespace, target, List.of("cat", "/proc/net/tcp")).output();
        return tcp.contains(":3A99 00000000:0000 0A") && tcp.contains(":3A9E 00000000:0000 0A");
    }
}
