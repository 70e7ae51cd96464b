package io.tanja.proxy.http;

import java.util.random.RandomGenerator;

/** Makes request identifiers: UUIDs of version 4 (RFC 9562), as Envoy does. */
final class RequestId {
    private static final String DIGITS = "0123456789abcdef";

    private RequestId() {}

    static String random(RandomGenerator random) {
        long high = random.nextLong() & ~0xf000L | 0x4000L;
        long low = random.nextLong() & ~(3L << 62) | 2L << 62;
        char[] text = new char[36];
        int at = 0;
        for (int digit = 0; digit < 32; digit++) {
            if (digit == 8 || digit == 12 || digit == 16 || digit == 20) {
                text[at++] = '-';
            }
            long half = digit < 16 ? high : low;
            text[at++] = DIGITS.charAt((int) (half >>> 60 - digit % 16 * 4) & 0xf);
        }
        return new String(text);
    }
}
