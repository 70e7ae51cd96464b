package io.tanja.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.describe.ClusterObserver;
import io.tanja.diagnose.describe.Observed;
import io.tanja.diagnose.describe.PodDescriber;
import io.tanja.diagnose.describe.PodDescription;
import io.tanja.diagnose.describe.PodDescriptionText;
import io.tanja.diagnose.status.ProxyMetrics;
import io.tanja.install.InstallException;
import io.tanja.install.command.ClusterOptions;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tanja describe}. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        description = {
            "Describes a pod of a cluster as the mesh sees it: whether it is meshed and why, its identity and certificate, the"
                    + " mode of each port with the object that decides it, services, policies, and what deserves attention.",
            "Reads with your own rights: the pod and its namespace, services, policies there and in the root namespace, the"
                    + " ModuleConfig istio, the control plane's Deployment, and pods/proxy for the certificate."
        },
        footer = {
            "",
            "Examples:",
            "  tanja describe pod webserver-7d9c -n shop",
            "  tanja describe pod/webserver-7d9c -n shop"
        })
public final class DescribeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Parameters(arity = "1..2", paramLabel = "pod NAME", description = "pod NAME, or pod/NAME.")
    private List<String> target = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "The pod's namespace (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--root-namespace",
            paramLabel = "NAME",
            defaultValue = "tanja-system",
            description = "Where the control plane runs (default: ${DEFAULT-VALUE}).")
    private String system = "tanja-system";

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "table or json (default: ${DEFAULT-VALUE}).")
    private DataFormat output = DataFormat.TABLE;

    @Override
    public Integer call() {
        String name = name();
        try (KubernetesClient client = cluster.open()) {
            Observed seen = new ClusterObserver(client).observe(system, namespace, name);
            ProxyMetrics metrics = new ProxyMetrics(client, InstantSource.system());
            print(PodDescriber.describe(seen, () -> metrics.expiry(namespace, name)));
            return 0;
        } catch (DiagnoseException e) {
            return fail(e.text());
        } catch (InstallException e) {
            return fail(e.text());
        }
    }

    private String name() {
        List<String> words = target.size() == 1 ? List.of(target.getFirst().split("/", -1)) : target;
        if (words.size() != 2
                || !List.of("pod", "pods", "po").contains(words.getFirst())
                || words.getLast().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "\"" + String.join(" ", target) + "\" is nothing that can be described; write pod NAME");
        }
        return words.getLast();
    }

    private void print(PodDescription pod) {
        PrintWriter out = spec.commandLine().getOut();
        PodDescriptionText text = new PodDescriptionText(pod);
        switch (output) {
            case JSON -> out.println(Printing.json(text.data()));
            case TABLE -> text.lines().forEach(out::println);
        }
        out.flush();
    }

    private int fail(String why) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("error: " + why);
        err.flush();
        return 1;
    }
}
