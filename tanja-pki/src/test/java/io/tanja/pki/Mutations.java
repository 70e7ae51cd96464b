package io.tanja.pki;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Damages valid input at random: the garbage that finds more faults than pure noise. */
public final class Mutations {
    private Mutations() {}

    /** A copy of {@code valid} with 1 to 8 bytes changed, removed, repeated or cut off at the end. */
    public static byte[] of(byte[] valid, RandomGenerator random) {
        byte[] bytes = valid.clone();
        int changes = random.nextInt(1, 9);
        for (int i = 0; i < changes && bytes.length > 1; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = without(bytes, at);
                case 3 -> bytes = twice(bytes, at, random.nextInt(1, 17));
                default -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at) : bytes;
            }
        }
        return bytes;
    }

    private static byte[] without(byte[] bytes, int at) {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    private static byte[] twice(byte[] bytes, int at, int length) {
        int end = Math.min(bytes.length, at + length);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + end - at);
        System.arraycopy(bytes, at, longer, end, bytes.length - at);
        return longer;
    }
}
