package io.tanja.proxy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the limit of open files allows.
 *
 * @param sockets sockets of the data path that may be open at one time, at least 16
 * @param idlePerLoop upstream connections that each event loop may keep for later, 0 to 1024
 */
public record FileBudget(int sockets, int idlePerLoop) {
    /** Libraries, logs, listeners, pages, probes, the control plane, and what is accepted only to be refused. */
    private static final long REST = 256;

    private static final long MAX_IDLE_PER_LOOP = 1024;
    private static final long IDLE_SHARE = 8;
    private static final long FEWEST = 16;
    private static final long MOST = 4_000_000;
    /** Linux's own default, for a machine that does not tell. */
    private static final long UNTOLD = 1024;

    private static final String LINE = "Max open files";

    /** What to do with a number of files. */
    static FileBudget of(long files, int eventLoops) {
        long free = Math.max(0, files - REST);
        long idle = Math.min(MAX_IDLE_PER_LOOP, free / IDLE_SHARE / eventLoops);
        return new FileBudget((int) Math.clamp(free, FEWEST, MOST), (int) idle);
    }

    /**
     * The budget of this process; the JVM has raised its soft limit to the hard one.
     *
     * @param proc the process' folder, {@code /proc/self}
     */
    static FileBudget ofProcess(Path proc, int eventLoops) {
        try {
            for (String line : Files.readAllLines(proc.resolve("limits"))) {
                if (line.startsWith(LINE)) {
                    String soft = line.substring(LINE.length()).strip().split(" ", 2)[0];
                    return of(soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft), eventLoops);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // As good as a file without the line.
        }
        return of(UNTOLD, eventLoops);
    }
}
