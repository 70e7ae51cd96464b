package io.tanja.diagnose.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.install.cluster.ApiCall;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program that runs in a container, as by {@code kubectl exec}: who may start it is decided by the API server. */
public final class PodProgram implements AutoCloseable {
    private final String what;
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final ExecWatch running;

    /**
     * Starts it.
     *
     * @param output gets its standard output, byte for byte, from another thread
     * @throws DiagnoseException if the API server does not allow it
     */
    public PodProgram(
            KubernetesClient client,
            String namespace,
            String pod,
            String container,
            List<String> command,
            OutputStream output)
            throws DiagnoseException {
        what = command.getFirst() + " in pod " + namespace + "/" + pod;
        running = ClusterCall.of(
                what,
                () -> client.pods()
                        .inNamespace(namespace)
                        .withName(pod)
                        .inContainer(container)
                        .writingOutput(output)
                        .writingError(errors)
                        .exec(command.toArray(String[]::new)));
    }

    /** What it has said on standard error until now. */
    public String said() {
        return errors.toString(StandardCharsets.UTF_8).strip();
    }

    /** Whether it has ended, or the connection to it has. */
    public boolean ended() {
        return running.exitCode().isDone();
    }

    /**
     * Waits for its end.
     *
     * @return the exit status, negative if the connection ended without one
     * @throws DiagnoseException if it does not end in time, or cannot run
     */
    public int await(Duration patience) throws DiagnoseException, InterruptedException {
        try {
            return running.exitCode().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DiagnoseException(what, "does not end within " + patience.toSeconds() + " s", "try again");
        } catch (ExecutionException e) {
            String why = e.getCause() instanceof KubernetesClientException refused
                    ? ApiCall.why(refused)
                    : String.valueOf(e.getCause());
            throw new DiagnoseException(what, "cannot run: " + why, "see what the API server says");
        }
    }

    /** Ends the connection; the program may go on until it writes. */
    @Override
    public void close() {
        running.close();
    }
}
