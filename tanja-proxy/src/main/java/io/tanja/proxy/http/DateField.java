package io.tanja.proxy.http;

import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The value of the Date field (RFC 9110, section 5.6.7), made anew once a second. One writer: its event loop. */
final class DateField {
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private final InstantSource clock;
    private long second = Long.MIN_VALUE;
    private byte[] value = new byte[0];

    DateField(InstantSource clock) {
        this.clock = clock;
    }

    /** The present time. */
    byte[] now() {
        long current = Math.floorDiv(clock.millis(), 1000);
        if (current != second) {
            second = current;
            value = format(LocalDateTime.ofEpochSecond(current, 0, ZoneOffset.UTC));
        }
        return value;
    }

    private static byte[] format(LocalDateTime time) {
        return Octets.of(DAYS[time.getDayOfWeek().getValue() - 1] + ", " + two(time.getDayOfMonth()) + " "
                + MONTHS[time.getMonthValue() - 1] + " " + time.getYear() + " " + two(time.getHour()) + ":"
                + two(time.getMinute()) + ":" + two(time.getSecond()) + " GMT");
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
