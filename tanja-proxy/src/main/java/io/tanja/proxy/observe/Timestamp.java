package io.tanja.proxy.observe;

import java.time.LocalDate;

/**
 * Writes times as {@code 2026-11-23T06:11:02.123Z}. Keeps the date of the last one, since lines of a log are nearly always
 * of one day. One user: the thread that owns it.
 */
public final class Timestamp {
    private static final long MILLIS_PER_DAY = 86_400_000L;

    private long day = Long.MIN_VALUE;
    private String date = "";

    /** Appends a time given in epoch milliseconds. */
    public void put(LineBuffer out, long epochMillis) {
        long newDay = Math.floorDiv(epochMillis, MILLIS_PER_DAY);
        if (newDay != day) {
            date = LocalDate.ofEpochDay(newDay).toString();
            day = newDay;
        }
        int rest = (int) Math.floorMod(epochMillis, MILLIS_PER_DAY);
        out.put(date).put('T').padded(rest / 3_600_000, 2);
        out.put(':').padded(rest / 60_000 % 60, 2);
        out.put(':').padded(rest / 1000 % 60, 2);
        out.put('.').padded(rest % 1000, 3).put('Z');
    }
}
