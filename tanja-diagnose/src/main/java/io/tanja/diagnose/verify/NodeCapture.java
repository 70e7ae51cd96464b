package io.tanja.diagnose.verify;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.cluster.ClusterCall;
import io.tanja.diagnose.cluster.PodProgram;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** tcpdump in a pod on one node. One user thread, but for {@link #close}, which any thread may call, and more than once. */
final class NodeCapture implements AutoCloseable {
    private static final long LOOK_MILLIS = 200;
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration LISTEN = Duration.ofSeconds(15);
    /** How long tcpdump may take to end after its time, and its last bytes to come. */
    private static final Duration END = Duration.ofSeconds(20);

    private static final Pattern LOST = Pattern.compile("(\\d+) packets? dropped by kernel");

    private final KubernetesClient client;
    private final Pod pod;
    private final Path file;
    private final OutputStream out;
    private volatile @Nullable PodProgram program;
    private volatile boolean made;

    private NodeCapture(KubernetesClient client, Pod pod, Path file) throws IOException {
        this.client = client;
        this.pod = pod;
        this.file = file;
        this.out = new BufferedOutputStream(Files.newOutputStream(file));
    }

    /**
     * Makes the pod, and returns before it runs.
     *
     * @param file where the packets go
     * @throws DiagnoseException if the API server does not let it in
     */
    static NodeCapture create(KubernetesClient client, Pod pod, Path file) throws IOException, DiagnoseException {
        NodeCapture capture = new NodeCapture(client, pod, file);
        try {
            ClusterCall.of(capture.what(), () -> client.resource(pod).create());
            capture.made = true;
        } catch (DiagnoseException e) {
            capture.close();
            throw e;
        }
        return capture;
    }

    /** Waits until the pod runs, and starts tcpdump in it; returns when it listens. */
    void listen(List<String> command) throws DiagnoseException, InterruptedException {
        awaitRunning();
        PodProgram started = new PodProgram(
                client,
                pod.getMetadata().getNamespace(),
                pod.getMetadata().getName(),
                CapturePod.CONTAINER,
                command,
                out);
        program = started;
        for (long waited = 0; waited < LISTEN.toMillis(); waited += LOOK_MILLIS) {
            if (started.said().contains("istening on")) {
                return;
            }
            if (started.ended()) {
                break;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        if (started.ended()) {
            started.await(LISTEN);
        }
        throw new DiagnoseException(
                "tcpdump in " + what(),
                "does not listen: " + (started.said().isEmpty() ? "it says nothing" : started.said()),
                "name an --image with tcpdump, timeout and sleep");
    }

    /**
     * Waits for tcpdump's end.
     *
     * @param seconds how long it was told to run
     * @return how many packets the kernel dropped because tcpdump was too slow
     */
    long finish(int seconds) throws IOException, DiagnoseException, InterruptedException {
        PodProgram started = Objects.requireNonNull(program, "not listening");
        started.await(Duration.ofSeconds(seconds).plus(END));
        String said = started.said();
        out.flush();
        if (!said.contains("packets captured") && !said.contains("packet captured")) {
            throw new DiagnoseException(
                    "tcpdump in " + what(), "did not end in order, the capture is not whole: " + said, "try again");
        }
        Matcher lost = LOST.matcher(said);
        return lost.find() ? Long.parseLong(lost.group(1)) : 0;
    }

    /** The file with the packets. */
    Path file() {
        return file;
    }

    private void awaitRunning() throws DiagnoseException, InterruptedException {
        String state = "not looked at yet";
        for (long waited = 0; waited < START.toMillis(); waited += LOOK_MILLIS) {
            Pod now = ClusterCall.of(what(), () -> client.resource(pod).get());
            if (now == null) {
                throw new DiagnoseException(what(), "is gone", "try again");
            }
            String phase = now.getStatus() == null
                    ? ""
                    : String.valueOf(now.getStatus().getPhase());
            if (phase.equals("Running")) {
                return;
            }
            state = phase + why(now);
            if (phase.equals("Failed") || phase.equals("Succeeded")) {
                break;
            }
            Thread.sleep(LOOK_MILLIS);
        }
        throw new DiagnoseException(
                what(),
                "does not run: " + state.strip(),
                "name an --image with tcpdump, timeout and sleep that the node can pull");
    }

    /** What the kubelet says of it. */
    static String why(Pod pod) {
        StringBuilder said = new StringBuilder();
        if (pod.getStatus().getReason() != null) {
            said.append(' ').append(pod.getStatus().getReason());
        }
        if (pod.getStatus().getMessage() != null) {
            said.append(' ').append(pod.getStatus().getMessage());
        }
        for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
            var waiting =
                    container.getState() == null ? null : container.getState().getWaiting();
            if (waiting != null) {
                said.append(' ').append(waiting.getReason());
                said.append(waiting.getMessage() == null ? "" : " " + waiting.getMessage());
            }
        }
        return said.toString();
    }

    private String what() {
        return "pod " + pod.getMetadata().getNamespace() + "/"
                + pod.getMetadata().getName() + " on node " + pod.getSpec().getNodeName();
    }

    /** Removes the pod. */
    @Override
    public void close() {
        PodProgram started = program;
        if (started != null) {
            started.close();
        }
        if (made) {
            remove();
        }
        try {
            out.close();
        } catch (IOException e) {
            // What was captured is judged by now, or nobody wants it any more.
            return;
        }
    }

    private void remove() {
        try {
            client.resource(pod).withGracePeriod(0).delete();
        } catch (KubernetesClientException e) {
            // It ends by itself; the next verification removes what is left of it.
            System.err.println("tanja verify: " + what() + ": not removed, " + e.getMessage() + "; kubectl -n "
                    + pod.getMetadata().getNamespace() + " delete pod "
                    + pod.getMetadata().getName());
        }
    }
}
