package io.tanja.lab.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process uses, read from {@code /proc}: CPU time of all its threads with the collector's and the compiler's, and
 * resident memory.
 *
 * @param pid the process
 */
public record ProcessMeter(long pid) {
    /** CPU time so far, nanoseconds ({@code schedstat}; threads that have ended are missing, of which proxies have none). */
    public long cpuNanos() throws IOException {
        long sum = 0;
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : threads) {
                try {
                    String text = Files.readString(thread.resolve("schedstat"));
                    sum += Long.parseLong(text.substring(0, text.indexOf(' ')));
                } catch (NoSuchFileException ended) {
                    // The thread has ended between the listing and the look.
                }
            }
        }
        return sum;
    }

    /** Resident memory, kilobytes. */
    public long rssKilobytes() throws IOException {
        return field("VmRSS:");
    }

    /** Resident memory that is not backed by files, kilobytes: what the process owns alone. */
    public long anonymousKilobytes() throws IOException {
        return field("RssAnon:");
    }

    /** Open file descriptors. */
    public long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return all.count();
        }
    }

    /** Confines all threads of the process to one CPU. */
    public void pin(int cpu) throws IOException, InterruptedException {
        Process taskset = new ProcessBuilder(
                        List.of("taskset", "-a", "-p", "-c", Integer.toString(cpu), Long.toString(pid)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (taskset.waitFor() != 0) {
            throw new IOException("taskset cannot confine process " + pid + " to CPU " + cpu);
        }
    }

    private long field(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(
                        line.substring(name.length()).replace("kB", "").strip());
            }
        }
        throw new IOException("process " + pid + " has no " + name);
    }
}
