package io.tanja.lab.pod;

import java.util.List;

/**
 * As whom the lab's processes run. Nothing in a pod has a capability, but for the sidecar of an ordinary user's lab: uid
 * 1337 does not exist there, so that the sidecar marks its packets instead, which needs {@code CAP_NET_ADMIN}.
 *
 * @param root whether the lab was started by root, so that there are other users to change to
 */
public record Privileges(boolean root) {
    /** User and group of applications in a lab of root: nobody. */
    public static final int APP_UID = 65_534;
    /** User and group of sidecars in a lab of root: Istio's. */
    public static final int SIDECAR_UID = 1_337;
    /** User and group of the control plane in a lab of root. */
    public static final int CONTROL_UID = 1_338;
    /** Mark of the sidecar's packets in a lab of an ordinary user. */
    public static final int SIDECAR_MARK = 1_337;

    /** Command words that run what follows as an application. */
    public List<String> application() {
        return root ? as(APP_UID) : limitedTo("-all");
    }

    /** Command words that run what follows as a sidecar. */
    public List<String> sidecar() {
        return root ? as(SIDECAR_UID) : limitedTo("-all,+net_admin");
    }

    /** Command words that run what follows as the control plane. */
    public List<String> control() {
        return root ? as(CONTROL_UID) : limitedTo("-all");
    }

    /** The mark that the sidecar sets on its packets, 0 if it is known by its user instead. */
    public int mark() {
        return root ? 0 : SIDECAR_MARK;
    }

    private static List<String> as(int uid) {
        return List.of(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + uid,
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs",
                "--");
    }

    private static List<String> limitedTo(String capabilities) {
        return List.of(
                "setpriv",
                "--inh-caps=" + capabilities,
                "--ambient-caps=" + capabilities,
                "--bounding-set=" + capabilities,
                "--no-new-privs",
                "--");
    }
}
