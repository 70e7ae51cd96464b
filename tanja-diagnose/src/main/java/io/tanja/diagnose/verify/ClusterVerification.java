package io.tanja.diagnose.verify;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.cluster.ClusterCall;
import io.tanja.diagnose.cluster.Workloads;
import io.tanja.lab.proof.CaptureAnalyzer;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.ReportText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Captures what two workloads of a cluster say to each other and judges it from the packets. On each node of the second one
 * a pod with tcpdump looks at all of the node's interfaces; none is left behind, however this ends.
 */
public final class ClusterVerification {
    /** How long a pod may live beyond its capture: to be pulled, started and read. */
    private static final long SPARE_SECONDS = 120;

    private static final int NAME_BOUND = 0x1000000;

    private final KubernetesClient client;
    private final RandomGenerator random;
    private final Consumer<String> progress;

    /**
     * What was seen.
     *
     * @param report the judgement
     * @param text shows it with the pods' names
     */
    public record Seen(CaptureReport report, ReportText text) {}

    /** @param progress hears what is done */
    public ClusterVerification(KubernetesClient client, RandomGenerator random, Consumer<String> progress) {
        this.client = client;
        this.random = random;
        this.progress = progress;
    }

    /**
     * Does it.
     *
     * @throws DiagnoseException if pods are missing, or the capture cannot be made
     * @throws IOException if a capture cannot be written or read
     */
    public Seen run(VerifyOptions options) throws DiagnoseException, IOException, InterruptedException {
        Workloads workloads = new Workloads(client, options.namespace());
        Parties parties = Parties.of(workloads.pods(options.from()), workloads.pods(options.to()));
        removeEnded(options.captureNamespace());
        Path folder = Files.createTempDirectory("tanja-verify");
        List<NodeCapture> captures = new CopyOnWriteArrayList<>();
        Thread interrupted =
                Thread.ofPlatform().name("verify-end").unstarted(() -> captures.forEach(NodeCapture::close));
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            CaptureReport report = capture(options, parties, folder, captures);
            return new Seen(report, new ReportText(parties::show));
        } finally {
            captures.forEach(NodeCapture::close);
            forget(interrupted);
            delete(folder);
        }
    }

    private CaptureReport capture(VerifyOptions options, Parties parties, Path folder, List<NodeCapture> captures)
            throws DiagnoseException, IOException, InterruptedException {
        List<String> nodes = List.copyOf(parties.byNode().keySet());
        for (String node : nodes) {
            String name = String.format("tanja-verify-%06x", random.nextInt(NAME_BOUND));
            Pod pod = CapturePod.of(
                    options.captureNamespace(), name, node, options.image(), options.seconds() + SPARE_SECONDS);
            progress.accept("starting tcpdump on node " + node + " (pod " + options.captureNamespace() + "/" + name
                    + ", removed afterwards)");
            captures.add(NodeCapture.create(client, pod, folder.resolve(node)));
        }
        for (int i = 0; i < nodes.size(); i++) {
            captures.get(i)
                    .listen(CaptureCommandLine.of(
                            options.seconds(), parties.left(), parties.byNode().getOrDefault(nodes.get(i), List.of())));
        }
        progress.accept(
                "capturing between " + options.from() + " and " + options.to() + " for " + options.seconds() + " s");
        List<CaptureReport> reports = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            NodeCapture capture = captures.get(i);
            long lost = capture.finish(options.seconds());
            if (lost > 0) {
                progress.accept(lost + " packets were dropped on node " + nodes.get(i)
                        + " before tcpdump saw them: connections that lack some are not judged");
            }
            reports.add(CaptureAnalyzer.analyze(capture.file(), List.of()));
            keep(options, capture.file(), nodes.size() > 1 ? "." + nodes.get(i) : "");
        }
        return CaptureReport.of(reports);
    }

    private void keep(VerifyOptions options, Path file, String suffix) throws IOException {
        Path keep = options.keep();
        if (keep != null) {
            Path kept = Path.of(keep + suffix);
            Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
            progress.accept("the capture is in " + kept);
        }
    }

    /** What a verification that was killed has left. A pod that still runs may be somebody's who verifies now. */
    private void removeEnded(String namespace) throws DiagnoseException {
        List<Pod> left = ClusterCall.of(
                "pods of namespace " + namespace,
                () -> client.pods()
                        .inNamespace(namespace)
                        .withLabels(Map.copyOf(CapturePod.LABELS))
                        .list()
                        .getItems());
        for (Pod pod : left) {
            String phase = pod.getStatus() == null
                    ? ""
                    : String.valueOf(pod.getStatus().getPhase());
            if (phase.equals("Failed") || phase.equals("Succeeded")) {
                ClusterCall.of(
                        "pod " + pod.getMetadata().getName(),
                        () -> client.resource(pod).withGracePeriod(0).delete());
            }
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process ends already, and the hook does the same.
            return;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
