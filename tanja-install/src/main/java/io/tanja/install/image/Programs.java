package io.tanja.install.image;

import io.tanja.proxy.launch.ProxyJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The three programs of the image. */
final class Programs {
    private Programs() {}

    /**
     * Finds them.
     *
     * @param root the checkout
     * @param cached whether there is an AOT cache of the proxy
     */
    static List<Program> of(Path root, boolean cached) {
        Path proxy = root.resolve("tanja-proxy");
        List<String> cache = cached ? ProxyJvm.cached(Path.of(Program.PROXY_CACHE)) : List.of();
        List<String> sidecar = new ArrayList<>(ProxyJvm.flags());
        sidecar.addAll(cache);
        // It has the proxy's jars, so that the proxy's cache is valid for it.
        List<String> redirect = new ArrayList<>(flags("redirect"));
        redirect.addAll(cache);
        return List.of(
                new Program("proxy", "io.tanja.proxy.ProxyMain", proxy, sidecar),
                new Program("control", "io.tanja.control.ControlMain", root.resolve("tanja-control"), flags("control")),
                new Program("redirect", "io.tanja.proxy.redirect.RedirectMain", proxy, redirect));
    }

    private static List<String> flags(String program) {
        String resource = program + ".jvmflags";
        try (InputStream in = Programs.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + resource + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
