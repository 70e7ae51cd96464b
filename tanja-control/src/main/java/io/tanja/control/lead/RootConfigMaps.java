package io.tanja.control.lead;

import io.tanja.control.watch.Json;
import io.tanja.control.watch.WatchSink;
import io.tanja.control.watch.WatchedKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The ConfigMaps {@code istio-ca-root-cert} of all namespaces as they are. Written by the watch's thread; its lock guards it.
 */
final class RootConfigMaps implements WatchSink {
    static final String NAME = "istio-ca-root-cert";
    static final String KEY = "root-cert.pem";
    static final WatchedKind KIND =
            new WatchedKind("ConfigMap", "configmaps", List.of("v1"), "fieldSelector=metadata.name%3D" + NAME, true);
    /** Istio's list ({@code serviceregistry/kube/controller/namespacecontroller.go}); no pods run there. */
    private static final Set<String> WITHOUT = Set.of("kube-public", "kube-node-lease", "local-path-storage");

    private final Runnable changed;
    private Map<String, String> roots = new HashMap<>();
    private Map<String, String> next = new HashMap<>();
    private boolean complete;

    RootConfigMaps(Runnable changed) {
        this.changed = changed;
    }

    /** The namespaces whose ConfigMap is missing or says something else; none before it is known what there is. */
    synchronized Set<String> wrong(Set<String> namespaces, String wanted) {
        Set<String> wrong = new TreeSet<>();
        if (complete) {
            for (String namespace : namespaces) {
                if (!WITHOUT.contains(namespace) && !wanted.equals(roots.get(namespace))) {
                    wrong.add(namespace);
                }
            }
        }
        return wrong;
    }

    @Override
    public synchronized void listing() {
        next = new HashMap<>();
    }

    @Override
    public synchronized void listed(Map<String, Object> object) {
        next.put(namespace(object), root(object));
    }

    @Override
    public synchronized void listEnds(String apiVersion) {
        roots = next;
        next = new HashMap<>();
        complete = true;
        changed.run();
    }

    @Override
    public synchronized void changed(Map<String, Object> object) {
        roots.put(namespace(object), root(object));
        changed.run();
    }

    @Override
    public synchronized void deleted(Map<String, Object> object) {
        roots.remove(namespace(object));
        changed.run();
    }

    @Override
    public void absent() {
        // ConfigMaps are always there.
    }

    @Override
    public void failing(String why) {
        // The source watches the same server, and tells.
    }

    @Override
    public void following() {
        // As above.
    }

    private static String namespace(Map<String, Object> object) {
        return Json.text(Json.map(object, "metadata"), "namespace");
    }

    private static String root(Map<String, Object> object) {
        return Json.text(Json.map(object, "data"), KEY);
    }
}
