package io.tanja.proxy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * When this process began, from {@code /proc}: to 10 ms, where the JDK's {@link ProcessHandle} counts from the time of
 * boot in whole seconds and is wrong by up to one.
 */
public final class ProcessStart {
    private static final long MILLIS_PER_TICK = 10;
    private static final int FIELDS_BEFORE_START = 19;

    private ProcessStart() {}

    /**
     * The start in epoch milliseconds; now, if it cannot be read.
     *
     * @param proc {@code /proc}
     */
    public static long millis(Path proc, InstantSource clock) {
        try {
            String uptime = Files.readString(proc.resolve("uptime"));
            double sinceBoot = Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1000;
            return clock.millis() - Math.max(0, (long) sinceBoot - sinceBootMillis(proc.resolve("self")));
        } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException e) {
            return clock.millis();
        }
    }

    /**
     * When a process began, in milliseconds since the machine was booted, to 10 ms.
     *
     * @param process its folder under {@code /proc}
     * @throws IOException if it has ended
     */
    public static long sinceBootMillis(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        // proc(5): starttime is field 22; the command's name, field 2, may hold spaces.
        int at = stat.lastIndexOf(')') + 2;
        for (int i = 0; i < FIELDS_BEFORE_START; i++) {
            at = stat.indexOf(' ', at) + 1;
        }
        return Long.parseLong(stat.substring(at, stat.indexOf(' ', at))) * MILLIS_PER_TICK;
    }
}
