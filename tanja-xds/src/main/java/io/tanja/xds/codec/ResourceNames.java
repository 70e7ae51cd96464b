package io.tanja.xds.codec;

import io.tanja.model.identity.NamespacedName;
import java.net.InetAddress;

/** Names of resources, as Istio's ambient API forms them. */
public final class ResourceNames {
    /** The subscription to everything of a type. */
    public static final String WILDCARD = "*";

    /** The network of a mesh that has only one. */
    public static final String DEFAULT_NETWORK = "";

    private ResourceNames() {}

    /** A pod: {@code <cluster>//Pod/<namespace>/<name>}, which is also its {@code Workload.uid()}. */
    public static String pod(String cluster, NamespacedName pod) {
        return cluster + "//Pod/" + pod.namespace() + "/" + pod.name();
    }

    /** A service: {@code <namespace>/<hostname>}. */
    public static String service(String namespace, String hostname) {
        return namespace + "/" + hostname;
    }

    /** The name under which an address is asked for: {@code <network>/<ip>}, the address in its shortest form. */
    public static String address(String network, InetAddress address) {
        return network + "/" + IpText.of(address);
    }

    /** A policy: {@code <namespace>/<name>}. */
    public static String policy(NamespacedName policy) {
        return policy.toString();
    }
}
