package io.tanja.install.object;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Names and labels of an installation's objects. */
public final class Names {
    /** The control plane: its Deployment, Service, ServiceAccount, roles and disruption budget. */
    public static final String CONTROL = "tanja-control";
    /** Says who has made an object. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /** The value of {@link #MANAGED_BY} on what is ours. */
    public static final String OURS = "tanja";
    /** The leader's Lease. */
    public static final String LEASE = "tanja-leader";
    /** The Secret with the root that the control plane has made. */
    public static final String OWN_CA = "tanja-ca";
    /** The Secret with a CA that a user has plugged in. It is the user's, and is never touched. */
    public static final String PLUGGED_IN_CA = "cacerts";
    /** The ConfigMap with the mesh's roots in every namespace. */
    public static final String ROOTS = "istio-ca-root-cert";
    /** The ConfigMap by which replicas tell each other where policies are in force. */
    public static final String REACH = "tanja-reach";
    /** The definition of the ModuleConfig, which on Deckhouse is Deckhouse's. */
    public static final String MODULES = "moduleconfigs.deckhouse.io";
    /** The webhook that adds sidecars. */
    public static final String INJECTOR = "tanja-sidecar-injector";
    /** The webhook that checks objects of the mesh's kinds. */
    public static final String VALIDATOR = "tanja-validator";
    /** The field manager of everything that is applied. */
    public static final String MANAGER = "tanja-install";

    /** Where a replica writes its status, for those who may start a program in its pod. */
    public static final String STATUS_FILE = "/tmp/status.json";

    private Names() {}

    /** Labels of every object, sorted: what is written of them must not change from run to run. */
    public static SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("app.kubernetes.io/name", CONTROL);
        labels.put("app.kubernetes.io/part-of", "tanja");
        labels.put("app.kubernetes.io/version", Release.VERSION);
        labels.put(MANAGED_BY, OURS);
        return labels;
    }

    /** Labels by which the control plane's pods are selected; they never change. */
    public static Map<String, String> selector() {
        return Map.of("app", CONTROL);
    }
}
