package io.tanja.proxy.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How a JVM is best run for the proxy. The one place for it: images, the lab and benchmarks take it from here. */
public final class ProxyJvm {
    /** System property of a JVM that is to write an AOT cache when it ends: {@code true}. */
    public static final String RECORDS = "tanja.aot.records";

    private static final String RESOURCE = "proxy.jvmflags";

    private ProxyJvm() {}

    /** Flags of the {@code java} command, before the class path; they are in the resource {@code proxy.jvmflags}. */
    public static List<String> flags() {
        try (InputStream in = ProxyJvm.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + RESOURCE + " is not on the class path");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            return lines.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Further flags for a process that writes an AOT cache when it ends (JEP 514). */
    public static List<String> recording(Path cache) {
        return List.of("-XX:AOTCacheOutput=" + cache, "-D" + RECORDS + "=true");
    }

    /** Further flags for a process that starts with an AOT cache; one that does not fit is left out by the JVM. */
    public static List<String> cached(Path cache) {
        return List.of("-XX:AOTCache=" + cache);
    }

    /**
     * Environment of the process: malloc keeps one arena and gives memory back early. It is read before the JVM starts, so
     * that no flag can stand for it.
     */
    public static Map<String, String> environment() {
        return Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_TRIM_THRESHOLD_", "131072");
    }
}
