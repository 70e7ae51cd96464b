package io.tanja.xds.ads.client;

import java.util.List;

/**
 * A resource from the control plane.
 *
 * @param name its name
 * @param version its version, opaque
 * @param aliases other names it answers to, such as {@code <network>/<ip>}
 * @param value what it is
 */
public record Received<T>(String name, String version, List<String> aliases, T value) {
    /** Copies the list. */
    public Received {
        aliases = List.copyOf(aliases);
    }
}
