package io.tanja.pki;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/** Damages valid input at random: the garbage that finds more faults than pure noise. */
public final class Mutations {
    private Mutations() {}

    /** The seeds that the repository keeps, in {@code fuzz-seeds.txt}; a failing test names its own. */
    public static List<Long> seeds() {
        try (InputStream file = Mutations.class.getResourceAsStream("fuzz-seeds.txt")) {
            if (file == null) {
                throw new IllegalStateException("fuzz-seeds.txt is missing beside " + Mutations.class);
            }
            List<Long> seeds = new ArrayList<>();
            for (String line : new String(file.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] range = line.strip().split(" ");
                    long first = Long.parseLong(range[0]);
                    LongStream.range(first, first + Long.parseLong(range[1])).forEach(seeds::add);
                }
            }
            return seeds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

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
