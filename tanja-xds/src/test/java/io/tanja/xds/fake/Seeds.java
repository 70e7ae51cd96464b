package io.tanja.xds.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The seeds of generated tests, from {@code seeds.txt}. */
public final class Seeds {
    private Seeds() {}

    /** All of them. */
    public static List<Long> all() {
        try (InputStream in = Objects.requireNonNull(Seeds.class.getResourceAsStream("/io/tanja/xds/seeds.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(Long::valueOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
