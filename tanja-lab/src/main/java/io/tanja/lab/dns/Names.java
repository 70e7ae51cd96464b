package io.tanja.lab.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the cluster's names mean at one moment. Immutable.
 *
 * @param services addresses by {@code <service>.<namespace>}; a headless service has those of its ready pods
 */
public record Names(Map<String, List<InetAddress>> services) {
    /** No service at all. */
    public static final Names EMPTY = new Names(Map.of());

    private static final List<String> SUFFIXES = List.of(".svc.cluster.local", ".svc");

    /** Copies the map. */
    public Names {
        services = Map.copyOf(services);
    }

    /**
     * Looks a name up that a client sends, after it has put its search list to use: {@code web.ns}, {@code web.ns.svc} or
     * {@code web.ns.svc.cluster.local}.
     *
     * @param name lower case, without final dot
     * @return the addresses, possibly none; empty if there is no such name
     */
    public Optional<List<InetAddress>> lookup(String name) {
        String key = name;
        for (String suffix : SUFFIXES) {
            if (name.endsWith(suffix)) {
                key = name.substring(0, name.length() - suffix.length());
                break;
            }
        }
        return Optional.ofNullable(services.get(key));
    }
}
