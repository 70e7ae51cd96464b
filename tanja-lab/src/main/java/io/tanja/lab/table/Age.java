package io.tanja.lab.table;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Ages as kubectl shows them. */
final class Age {
    private Age() {}

    /** The time since {@code created}, rounded down: {@code 42s}, {@code 3m12s}, {@code 48m}, {@code 5h}, {@code 2d}. */
    static String of(String created, Instant now) {
        long seconds;
        try {
            seconds = Math.max(0, Duration.between(Instant.parse(created), now).toSeconds());
        } catch (DateTimeParseException e) {
            return "<unknown>";
        }
        long minutes = seconds / 60;
        long hours = minutes / 60;
        if (seconds < 120) {
            return seconds + "s";
        }
        if (minutes < 10) {
            return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        }
        if (hours < 3) {
            return minutes + "m";
        }
        if (hours < 48) {
            return hours + "h";
        }
        return hours / 24 + "d";
    }
}
