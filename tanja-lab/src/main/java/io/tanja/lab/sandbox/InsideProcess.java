package io.tanja.lab.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the processes of a sandbox from outside, where they have other numbers. */
public final class InsideProcess {
    private static final String LINE = "NSpid:";

    private InsideProcess() {}

    /**
     * The number that a process of the sandbox has in the namespace of the caller.
     *
     * @param pidNamespace the sandbox's, as {@code /proc/<pid>/ns/pid} links to it
     * @param inside its number inside
     * @throws IOException if there is no such process, for example because the lab has ended
     */
    public static long find(String pidNamespace, long inside) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                if (isIt(process, pidNamespace, inside)) {
                    return Long.parseLong(process.getFileName().toString());
                }
            }
        }
        throw new IOException("process " + inside + " of the lab is not to be seen from here; has the pod ended?");
    }

    private static boolean isIt(Path process, String pidNamespace, long inside) {
        try {
            return innermost(Files.readAllLines(process.resolve("status"))) == inside
                    && Files.readSymbolicLink(process.resolve("ns/pid"))
                            .toString()
                            .equals(pidNamespace);
        } catch (IOException e) {
            // It has ended in the meantime, or is another user's.
            return false;
        }
    }

    /** The number in the innermost namespace, the last of the line {@code NSpid}; -1 if there is none. */
    static long innermost(List<String> status) {
        for (String line : status) {
            if (line.startsWith(LINE)) {
                String[] numbers = line.substring(LINE.length()).strip().split("\\s+");
                return Long.parseLong(numbers[numbers.length - 1]);
            }
        }
        return -1;
    }
}
