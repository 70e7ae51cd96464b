package io.tanja.model.api;

import java.net.InetAddress;
import java.util.List;

/**
 * What has become of a pod.
 *
 * @param phase {@code Pending}, {@code Running}, {@code Succeeded}, {@code Failed}, {@code Unknown}; empty if not known
 * @param podIPs its addresses, the primary one first
 * @param ready whether its condition {@code Ready} is true and it is not being deleted
 */
public record PodStatus(String phase, List<InetAddress> podIPs, boolean ready) {
    /** A pod that nothing is known of. */
    public static final PodStatus NONE = new PodStatus("", List.of(), false);

    /** Copies the list. */
    public PodStatus {
        podIPs = List.copyOf(podIPs);
    }
}
