package io.tanja.diagnose.verify;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.tanja.diagnose.DiagnoseException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The pods at the two ends. Pure.
 *
 * @param left addresses of those at one end
 * @param byNode addresses of those at the other end, by the node that they run on
 * @param names pods by address, {@code shop/web-1}
 */
record Parties(List<InetAddress> left, SortedMap<String, List<InetAddress>> byNode, Map<InetAddress, String> names) {
    /** Copies the collections. */
    Parties {
        left = List.copyOf(left);
        names = Map.copyOf(names);
    }

    /**
     * Gathers them.
     *
     * @throws DiagnoseException if one uses its node's network: the node's packets would be taken for its own
     */
    static Parties of(List<Pod> from, List<Pod> to) throws DiagnoseException {
        Map<InetAddress, String> names = new HashMap<>();
        List<InetAddress> left = new ArrayList<>();
        for (Pod pod : from) {
            left.addAll(addresses(pod, names));
        }
        SortedMap<String, List<InetAddress>> byNode = new TreeMap<>();
        for (Pod pod : to) {
            byNode.computeIfAbsent(pod.getSpec().getNodeName(), node -> new ArrayList<>())
                    .addAll(addresses(pod, names));
        }
        return new Parties(left, byNode, names);
    }

    private static List<InetAddress> addresses(Pod pod, Map<InetAddress, String> names) throws DiagnoseException {
        String name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
        if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
            throw new DiagnoseException(
                    "pod " + name,
                    "uses its node's network, and has no address of its own",
                    "name pods that have one; a pod like this is never meshed");
        }
        List<InetAddress> addresses = new ArrayList<>();
        List<PodIP> all = pod.getStatus().getPodIPs();
        for (String text : all.isEmpty()
                ? List.of(pod.getStatus().getPodIP())
                : all.stream().map(PodIP::getIp).toList()) {
            InetAddress address = InetAddress.ofLiteral(text);
            addresses.add(address);
            names.put(address, name);
        }
        return addresses;
    }

    /** An end of a connection for people. */
    String show(InetSocketAddress end) {
        String known = names.get(end.getAddress());
        return (known == null ? end.getAddress().getHostAddress() : known) + ":" + end.getPort();
    }
}
