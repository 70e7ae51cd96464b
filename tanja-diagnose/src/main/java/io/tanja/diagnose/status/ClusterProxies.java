package io.tanja.diagnose.status;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.cluster.ClusterCall;
import io.tanja.diagnose.cluster.PodProgram;
import io.tanja.install.object.Names;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * Asks all control planes of a cluster for their status, and the pods for theirs. The control plane has no port for that:
 * its own program is started in its pod to print a file, which only those may do whom RBAC allows {@code pods/exec} there.
 */
public final class ClusterProxies {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A page of metrics at a time of so many proxies, so that a big mesh does not flood its API server. */
    private static final int AT_ONCE = 16;
    /** It lives for a moment beside the control plane and in its memory limit. */
    private static final List<String> PRINT = List.of(
            "/opt/java/bin/java",
            "-Xmx32m",
            "-XX:TieredStopAtLevel=1",
            "@/app/control.args",
            "--print-status",
            Names.STATUS_FILE);

    private final KubernetesClient client;
    private final InstantSource clock;

    /** @param clock for ages, by which an old status is told */
    public ClusterProxies(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Asks.
     *
     * @param system the control plane's namespace
     * @param namespace whose proxies are wanted; empty for all
     * @throws DiagnoseException if no control plane answers
     */
    public ProxyReport ask(String system, String namespace) throws DiagnoseException, InterruptedException {
        List<Pod> control = ClusterCall.of(
                "pods of namespace " + system,
                () -> client.pods()
                        .inNamespace(system)
                        .withLabels(Names.selector())
                        .list()
                        .getItems());
        if (control.isEmpty()) {
            throw new DiagnoseException(
                    "namespace " + system,
                    "has no control plane",
                    "install it with tanja install, or name its --root-namespace");
        }
        List<String> notes = new ArrayList<>();
        List<ReplicaStatus> replicas = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ReplicaStatus>> answers = new ArrayList<>();
            for (Pod replica : control) {
                if (runs(replica)) {
                    answers.add(threads.submit(() -> status(replica)));
                } else {
                    notes.add("control plane " + replica.getMetadata().getName() + " does not run, and was not asked");
                }
            }
            List<MeshedPod> pods = pods(namespace, threads, notes);
            for (Future<ReplicaStatus> answer : answers) {
                try {
                    replicas.add(answer.get());
                } catch (ExecutionException e) {
                    notes.add(
                            e.getCause() instanceof DiagnoseException why ? why.text() : String.valueOf(e.getCause()));
                }
            }
            if (replicas.isEmpty()) {
                throw new DiagnoseException(
                        "the control plane in " + system, "does not answer: " + String.join("; ", notes), "try again");
            }
            return ProxyReport.of(replicas, pods, namespace, notes, clock.instant());
        }
    }

    private ReplicaStatus status(Pod replica) throws DiagnoseException, InterruptedException {
        String name = replica.getMetadata().getName();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (PodProgram print =
                new PodProgram(client, replica.getMetadata().getNamespace(), name, "control", PRINT, out)) {
            int status = print.await(PATIENCE);
            if (status != 0) {
                throw new DiagnoseException(
                        "control plane " + name,
                        "does not tell its status: "
                                + print.said().lines().findFirst().orElse("it says nothing"),
                        "install the tanja that you ask with");
            }
        }
        return ReplicaStatus.read(name, out.toByteArray());
    }

    /** The pods with a sidecar; without the right to list them the report is smaller, and says so. */
    private List<MeshedPod> pods(String namespace, ExecutorService threads, List<String> notes)
            throws InterruptedException {
        List<Pod> found;
        try {
            found = ClusterCall.of("pods", () -> {
                var pods = namespace.isEmpty()
                        ? client.pods().inAnyNamespace()
                        : client.pods().inNamespace(namespace);
                return pods.withLabel("security.istio.io/tlsMode", "istio")
                        .list()
                        .getItems();
            });
        } catch (DiagnoseException e) {
            notes.add("proxies that are not connected, certificates and versions are not known: " + e.text());
            return List.of();
        }
        ProxyMetrics metrics = new ProxyMetrics(client, clock);
        Semaphore turns = new Semaphore(AT_ONCE);
        List<Callable<MeshedPod>> questions = new ArrayList<>();
        for (Pod pod : found) {
            questions.add(() -> {
                turns.acquire();
                try {
                    return meshed(pod, metrics);
                } finally {
                    turns.release();
                }
            });
        }
        List<MeshedPod> pods = new ArrayList<>();
        for (Future<MeshedPod> answer : threads.invokeAll(questions)) {
            try {
                pods.add(answer.get());
            } catch (ExecutionException e) {
                notes.add("a pod was not asked: " + e.getCause());
            }
        }
        return pods;
    }

    private static boolean runs(Pod pod) {
        return pod.getStatus() != null && "Running".equals(pod.getStatus().getPhase());
    }

    private static MeshedPod meshed(Pod pod, ProxyMetrics metrics) {
        String namespace = pod.getMetadata().getNamespace();
        String name = pod.getMetadata().getName();
        boolean running = runs(pod);
        return new MeshedPod(
                namespace + "/" + name,
                version(pod),
                running,
                running ? metrics.expiry(namespace, name) : new MeshedPod.NotKnown("the pod does not run"));
    }

    /** Tag or digest of the proxy's image: what follows the last {@code @}, or the colon after the last slash. */
    static String version(Pod pod) {
        return Stream.concat(pod.getSpec().getInitContainers().stream(), pod.getSpec().getContainers().stream())
                .filter(container -> "istio-proxy".equals(container.getName()))
                .map(Container::getImage)
                .findFirst()
                .map(ClusterProxies::tag)
                .orElse("");
    }

    private static String tag(String image) {
        int digest = image.lastIndexOf('@');
        if (digest >= 0) {
            return image.substring(digest + 1);
        }
        int colon = image.lastIndexOf(':');
        return colon > image.lastIndexOf('/') ? image.substring(colon + 1) : "latest";
    }
}
