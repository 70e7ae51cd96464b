package io.tanja.diagnose.status;

import java.time.Instant;
import java.util.List;

/**
 * A proxy as the control plane that it is connected to sees it.
 *
 * @param replica the control plane
 * @param identity what its token proved
 * @param node the name that it gave itself, {@code sidecar~10.244.1.7~web-1.shop~shop.svc.cluster.local}
 * @param since when it connected
 * @param types how far it is with each type of resource
 */
public record ConnectedProxy(String replica, String identity, String node, Instant since, List<Type> types) {
    private static final int POD = 2;

    /** Copies the list. */
    public ConnectedProxy {
        types = List.copyOf(types);
    }

    /**
     * How far it is with one type.
     *
     * @param name the type
     * @param sent state of the mesh in the last response, empty before the first
     * @param acked state of the mesh that it last accepted, empty before the first
     * @param refused why it refused the last response, empty if it did not
     */
    public record Type(String name, String sent, String acked, String refused) {}

    /** The pod, {@code shop/web-1}; the node's name as it is if it has another form. */
    public String pod() {
        String[] parts = node.split("~", -1);
        if (parts.length <= POD || parts[POD].lastIndexOf('.') < 1) {
            return node;
        }
        int dot = parts[POD].lastIndexOf('.');
        return parts[POD].substring(dot + 1) + "/" + parts[POD].substring(0, dot);
    }

    /** How far it is, over all types: the worst counts. */
    public Progress progress() {
        for (Type type : types) {
            if (!type.refused().isEmpty()) {
                return new Progress.Refused(type.name(), type.refused());
            }
        }
        for (Type type : types) {
            if (!type.sent().equals(type.acked())) {
                return new Progress.Behind(type.name(), type.acked(), type.sent());
            }
        }
        return types.isEmpty() || types.stream().allMatch(type -> type.sent().isEmpty())
                ? new Progress.Nothing()
                : new Progress.InStep();
    }
}
