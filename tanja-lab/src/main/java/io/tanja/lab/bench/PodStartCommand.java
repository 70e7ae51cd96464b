package io.tanja.lab.bench;

import io.tanja.lab.ExecResult;
import io.tanja.lab.cluster.Shell;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tanja bench pods}. */
@Command(
        name = "pods",
        mixinStandardHelpOptions = true,
        description = {
            "Measures on the cluster of KUBECONFIG how much later a pod is ready for being in the mesh: the same pod in turns in a"
                    + " namespace with the label and in one without, from its creation until kubectl sees it Ready.",
            "Makes two namespaces and removes them. The mesh must be on."
        },
        footer = {"", "Example:", "  tanja bench pods --runs 10"})
public final class PodStartCommand implements Callable<Integer> {
    private static final String MESHED = "tanja-bench-meshed";
    private static final String PLAIN = "tanja-bench-plain";
    private static final int KUBELET_MILLIS = 1_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Option(names = "--runs", defaultValue = "10", description = "Pods of each kind (default: ${DEFAULT-VALUE}).")
    private int runs = 10;

    @Option(
            names = "--pod-image",
            defaultValue = "docker.io/library/alpine:3.21",
            description = "An image with sleep (default: ${DEFAULT-VALUE}).")
    private String image = "docker.io/library/alpine:3.21";

    @Override
    public Integer call() throws IOException, InterruptedException {
        Shell shell = new Shell(PATIENCE);
        List<Double> meshed = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        try {
            must(
                    shell,
                    "kubectl create namespace " + PLAIN + " && kubectl create namespace " + MESHED
                            + " && kubectl label namespace " + MESHED + " istio-injection=enabled");
            // The first pod of each brings the images' pages into memory.
            for (int i = 0; i <= runs; i++) {
                double without = start(shell, PLAIN, "1/1", i);
                double with = start(shell, MESHED, "2/2", i);
                System.err.printf(
                        Locale.ROOT,
                        "%s: %.0f ms without, %.0f ms with a sidecar%n",
                        i == 0 ? "warm-up" : i,
                        without,
                        with);
                if (i > 0) {
                    plain.add(without);
                    meshed.add(with);
                }
            }
        } finally {
            shell.run("kubectl delete namespace --wait=false " + PLAIN + " " + MESHED);
        }
        System.out.printf(
                Locale.ROOT,
                "Ready after %.0f ms without and %.0f ms with a sidecar (medians of %d): **%.0f ms** later.%n",
                Figures.median(plain),
                Figures.median(meshed),
                runs,
                Figures.median(meshed) - Figures.median(plain));
        return 0;
    }

    private double start(Shell shell, String namespace, String ready, int number)
            throws IOException, InterruptedException {
        String pod = "pod-" + number;
        // The kubelet looks at its containers once a second: without this, each pod would begin just after a look.
        Thread.sleep(ThreadLocalRandom.current().nextInt(KUBELET_MILLIS));
        long begin = System.nanoTime();
        must(
                shell,
                "kubectl -n " + namespace + " run " + pod + " --image=" + image + " --restart=Never -- sleep infinity");
        must(shell, "kubectl -n " + namespace + " wait --for=condition=Ready pod/" + pod + " --timeout=60s");
        double millis = (System.nanoTime() - begin) / 1e6;
        String columns = must(shell, "kubectl -n " + namespace + " get pod " + pod + " --no-headers");
        if (!columns.contains(ready)) {
            throw new IOException("pod " + pod + " is not " + ready + " but " + columns.strip());
        }
        must(shell, "kubectl -n " + namespace + " delete pod " + pod + " --grace-period=0 --force");
        return millis;
    }

    private static String must(Shell shell, String command) throws IOException {
        ExecResult result = shell.run(command);
        if (!result.succeeded()) {
            throw new IOException(command + ": " + result.errors().strip());
        }
        return result.output();
    }
}
