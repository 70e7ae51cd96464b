package io.tanja.lab.pod;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds the processes of a pod: all that are in its network namespace, however they came there. */
final class NamespaceProcesses {
    private NamespaceProcesses() {}

    /** The processes that share the network namespace of {@code anchor}, without {@code anchor} itself. */
    static List<ProcessHandle> of(long anchor) throws IOException {
        Path wanted = network(Path.of("/proc/" + anchor));
        List<ProcessHandle> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid != anchor && isIn(process, wanted)) {
                    ProcessHandle.of(pid).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static boolean isIn(Path process, Path wanted) {
        try {
            return network(process).equals(wanted);
        } catch (IOException e) {
            // It has ended in the meantime.
            return false;
        }
    }

    private static Path network(Path process) throws IOException {
        return Files.readSymbolicLink(process.resolve("ns/net"));
    }
}
