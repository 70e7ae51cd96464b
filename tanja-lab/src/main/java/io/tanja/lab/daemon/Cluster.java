package io.tanja.lab.daemon;

import io.tanja.lab.inject.InjectedPod;
import io.tanja.lab.net.IndexPool;
import io.tanja.lab.object.Admission;
import io.tanja.lab.object.Kind;
import io.tanja.lab.object.LabObject;
import io.tanja.lab.object.ObjectKey;
import io.tanja.lab.object.Store;
import io.tanja.lab.object.Yaml;
import io.tanja.lab.pod.PodHost;
import io.tanja.lab.pod.PodPlan;
import io.tanja.lab.pod.PodRunner;
import io.tanja.lab.pod.PodStatus;
import io.tanja.model.inject.Injection;
import io.tanja.model.inject.InjectionCase;
import io.tanja.model.inject.InjectionDecision;
import java.net.InetAddress;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The state of the lab's cluster and the reconciliation of the world with it: level-triggered, so that it does not matter
 * which change woke it. Everything but the constructor runs on the thread of its {@link ClusterLoop}.
 */
final class Cluster {
    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final String MODULE = "istio";
    private static final String MESH_NAMESPACE = "tanja-system";

    private final PodHost host;
    private final Outside outside;
    private final Store store;
    private final Admission admission;
    private final Deployments deployments;
    private final IndexPool podIndexes = new IndexPool();
    private final Map<ObjectKey, Running> pods = new TreeMap<>();
    private final Waiters waiters = new Waiters();
    private boolean inLine = true;
    private final ClusterLoop loop = new ClusterLoop(this::reconcile);

    /** A pod that has been started: its runner and what it last said. */
    private record Running(PodRunner runner, PodStatus status) {}

    Cluster(PodHost host, Outside outside, Store store, Admission admission, RandomGenerator random) {
        this.host = host;
        this.outside = outside;
        this.store = store;
        this.admission = admission;
        this.deployments = new Deployments(store, random);
        for (String namespace : List.of("default", MESH_NAMESPACE)) {
            make(new ObjectKey(Kind.NAMESPACE, "", namespace));
        }
    }

    /** The thread of this state. */
    ClusterLoop loop() {
        return loop;
    }

    Store store() {
        return store;
    }

    Admission admission() {
        return admission;
    }

    Deployments deployments() {
        return deployments;
    }

    Waiters waiters() {
        return waiters;
    }

    /** The process that holds a pod's namespaces, 0 if there is none. */
    long anchor(ObjectKey pod) {
        Running running = pods.get(pod);
        return running == null ? 0 : running.status().anchor();
    }

    /** Whether names, service addresses and the control plane's folder follow the objects. */
    boolean inLine() {
        return inLine;
    }

    /** Whether pods get sidecars at all. */
    boolean moduleEnabled() {
        LabObject module = store.get(new ObjectKey(Kind.MODULE_CONFIG, "", MODULE));
        return module != null && module.spec().path("enabled").asBoolean(false);
    }

    /** Removes an object, and with a namespace all that is in it. Pods go when their processes have ended. */
    void remove(LabObject object) {
        ObjectKey key = object.key();
        if (key.kind() == Kind.POD && pods.containsKey(key)) {
            retire(object);
            return;
        }
        store.remove(key);
        admission.forget(key);
        if (key.kind() == Kind.NAMESPACE) {
            for (LabObject inside : List.copyOf(store.all())) {
                if (inside.key().namespace().equals(key.name())) {
                    remove(inside);
                }
            }
        }
    }

    /** Kills a container of a pod with SIGKILL; false if it does not run. */
    boolean killContainer(ObjectKey pod, String container) {
        Running running = pods.get(pod);
        return running != null && running.runner().kill(container);
    }

    /** Kills all pods' processes: the lab ends. */
    void abandon() {
        pods.values().forEach(running -> running.runner().abandon());
    }

    private void reconcile() {
        for (LabObject namespace : store.list(Kind.NAMESPACE)) {
            make(new ObjectKey(Kind.SERVICE_ACCOUNT, namespace.key().name(), "default"));
        }
        outside.module(moduleEnabled());
        deployments.reconcile(this::createPod, this::remove);
        for (LabObject pod : store.list(Kind.POD)) {
            if (!pods.containsKey(pod.key()) && !PodObjects.isBeingDeleted(pod)) {
                launch(pod);
            }
        }
        inLine = outside.show(store);
        waiters.look();
    }

    private void make(ObjectKey key) {
        if (!store.has(key)) {
            ObjectNode tree = Yaml.JSON.createObjectNode();
            tree.put("apiVersion", key.kind().apiVersions().getFirst())
                    .put("kind", key.kind().kind());
            tree.putObject("metadata").put("name", key.name());
            if (!key.namespace().isEmpty()) {
                tree.withObjectProperty("metadata").put("namespace", key.namespace());
            }
            LabObject object = new LabObject(key, tree);
            admission.complete(object);
            store.put(object);
        }
    }

    private void createPod(LabObject pod) {
        admission.complete(pod);
        store.put(pod);
    }

    private void launch(LabObject pod) {
        ObjectKey key = pod.key();
        LabObject namespace = store.get(new ObjectKey(Kind.NAMESPACE, "", key.namespace()));
        InjectionDecision decision = Injection.decide(new InjectionCase(
                moduleEnabled(),
                MESH_NAMESPACE,
                key.namespace(),
                namespace == null ? Map.of() : namespace.labels(),
                pod.labels(),
                pod.annotations(),
                pod.spec().path("hostNetwork").asBoolean(false),
                false));
        if (decision.inject()) {
            InjectedPod.inject(pod, key.name());
        }
        LOG.info("pod {}: sidecar {}: {}", key, decision.inject() ? "yes" : "no", decision.reason());
        int index = podIndexes.take();
        List<InetAddress> addresses = host.network().pod(index);
        PodObjects.place(pod, addresses);
        store.put(pod);
        PodPlan plan = PodPlan.read(pod, index, addresses);
        PodRunner runner = PodRunner.start(host, plan, status -> loop.post(() -> observed(key, status)));
        pods.put(key, new Running(runner, new PodStatus(Map.of(), 0, false)));
    }

    private void observed(ObjectKey key, PodStatus status) {
        Running running = pods.get(key);
        LabObject pod = store.get(key);
        if (running == null || pod == null) {
            return;
        }
        if (status.gone()) {
            pods.remove(key);
            podIndexes.free(running.runner().plan().index());
            store.remove(key);
            admission.forget(key);
            outside.forget(running.runner().plan());
            return;
        }
        pods.put(key, new Running(running.runner(), status));
        PodObjects.update(pod, status);
        store.put(pod);
    }

    private void retire(LabObject pod) {
        if (!PodObjects.isBeingDeleted(pod)) {
            pod.metadata()
                    .put(
                            "deletionTimestamp",
                            host.clock()
                                    .instant()
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString());
            store.put(pod);
            Running running = pods.get(pod.key());
            if (running != null) {
                running.runner().stop();
            }
        }
    }
}
