package io.tanja.lab.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The test cluster's own processes. */
final class Stopped {
    private Stopped() {}

    /** Where the test cluster notes them; other clusters have no such thing, and no such day. */
    static Path processes() {
        String folder = System.getenv("TANJA_KUBE_DIR");
        assumeTrue(folder != null, "TANJA_KUBE_DIR is not set: the cluster's own processes are out of reach");
        return Path.of(folder, "run");
    }

    /** Lets a process hang (SIGSTOP) for a while. */
    static void during(String name, Duration time) throws IOException, InterruptedException {
        String pid =
                Files.readString(processes().resolve(name + ".pid")).strip().split(" ", -1)[0];
        signal("-STOP", pid);
        try {
            Thread.sleep(time);
        } finally {
            signal("-CONT", pid);
        }
    }

    private static void signal(String signal, String pid) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", signal, pid).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("kill " + signal + " " + pid + " ended with " + status);
        }
    }
}
