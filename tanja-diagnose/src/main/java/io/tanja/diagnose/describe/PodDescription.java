package io.tanja.diagnose.describe;

import io.tanja.diagnose.status.MeshedPod.CertificateExpiry;
import java.util.List;

/**
 * A pod, as the mesh sees it.
 *
 * @param pod {@code shop/web-1}
 * @param membership whether it is in the mesh
 * @param identity the identity that it has in the mesh, or would have; empty if it cannot have one
 * @param certificate when its certificate expires; of no meaning outside the mesh
 * @param ports its ports by number, those that nothing else names last
 * @param services the services that select it
 * @param policies the AuthorizationPolicies that apply to it
 * @param warnings what deserves attention
 */
public record PodDescription(
        String pod,
        Membership membership,
        String identity,
        CertificateExpiry certificate,
        List<Port> ports,
        List<SelectingService> services,
        List<Policy> policies,
        List<String> warnings) {
    /** Copies the lists. */
    public PodDescription {
        ports = List.copyOf(ports);
        services = List.copyOf(services);
        policies = List.copyOf(policies);
        warnings = List.copyOf(warnings);
    }

    /**
     * Whether it is in the mesh.
     *
     * @param meshed whether callers in the mesh protect what they send to it
     * @param reason why or why not
     * @param remedy what would change it, empty if nothing is to be said
     */
    public record Membership(boolean meshed, String reason, String remedy) {}

    /**
     * A port of the pod.
     *
     * @param port its number; 0 stands for all others
     * @param protocol what a service declares it to carry; empty if none does
     * @param mode the mutual TLS mode that holds for it
     * @param decidedBy the object that decides the mode
     * @param captured whether its traffic goes through the sidecar
     */
    public record Port(int port, String protocol, String mode, String decidedBy, boolean captured) {}

    /**
     * A service that selects it.
     *
     * @param name {@code shop/web}
     * @param ports {@code 80 → 8080 HTTP}
     */
    public record SelectingService(String name, List<String> ports) {
        /** Copies the list. */
        public SelectingService {
            ports = List.copyOf(ports);
        }
    }

    /**
     * A policy that applies to it.
     *
     * @param name {@code shop/allow-web}
     * @param action what a match means
     * @param scope why it applies: to the mesh, its namespace, or by its selector
     * @param rules how many rules it has
     * @param dryRun whether it only reports
     */
    public record Policy(String name, String action, String scope, int rules, boolean dryRun) {}
}
