package io.tanja.proxy.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the process itself takes, read from {@code /proc/self}; the names are those of Prometheus' client libraries, after a
 * prefix where the application's own stand on the same page.
 */
public final class ProcessMetrics implements MetricSource {
    /** What Istio's agent puts before its own. */
    public static final String MERGED_PREFIX = "istio_agent_";

    private static final int PAGE_BYTES = 4096;
    private static final int TICKS_PER_SECOND = 100;

    private final String prefix;
    private final Path proc;
    private final String version;
    private final long startMillis;

    /**
     * Makes the source.
     *
     * @param prefix stands before the names of the process' families, may be empty
     * @param proc the process' folder, {@code /proc/self}
     * @param version the version of Tanja, for {@code istio_build}
     * @param startMillis when the process started, in epoch milliseconds
     */
    public ProcessMetrics(String prefix, Path proc, String version, long startMillis) {
        this.prefix = prefix;
        this.proc = proc;
        this.version = version;
        this.startMillis = startMillis;
    }

    @Override
    public void write(Exposition out) {
        out.family("istio_build", Exposition.Type.GAUGE, "The version that runs.");
        String labels =
                new Labels().add("component", "proxy").add("tag", version).toString();
        out.sample("istio_build", labels, 1);
        out.single(
                prefix + "process_start_time_seconds",
                Exposition.Type.GAUGE,
                "When the process started, since the epoch.",
                startMillis / 1000);
        try {
            String memory = Files.readString(proc.resolve("statm"));
            long pages = Long.parseLong(field(memory, 1));
            out.single(
                    prefix + "process_resident_memory_bytes",
                    Exposition.Type.GAUGE,
                    "Resident memory.",
                    pages * PAGE_BYTES);
            String stat = Files.readString(proc.resolve("stat"));
            // The command's name, in parentheses, may hold spaces: count from behind it (proc(5): utime is field 14).
            String behindName = stat.substring(stat.lastIndexOf(')') + 2);
            long ticks = Long.parseLong(field(behindName, 11)) + Long.parseLong(field(behindName, 12));
            out.family(prefix + "process_cpu_seconds_total", Exposition.Type.COUNTER, "CPU time used.");
            out.thousandths(prefix + "process_cpu_seconds_total", ticks * 1000 / TICKS_PER_SECOND);
        } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException e) {
            // Without /proc these two families are left out; all others are still worth having.
            return;
        }
    }

    private static String field(String line, int index) {
        int from = 0;
        for (int i = 0; i < index; i++) {
            from = line.indexOf(' ', from) + 1;
        }
        int to = line.indexOf(' ', from);
        return to < 0 ? line.substring(from).trim() : line.substring(from, to);
    }
}
