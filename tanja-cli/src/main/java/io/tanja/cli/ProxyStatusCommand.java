package io.tanja.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.status.ClusterProxies;
import io.tanja.diagnose.status.ProxyReport;
import io.tanja.diagnose.status.ProxyReportText;
import io.tanja.diagnose.status.ReplicaStatus;
import io.tanja.install.InstallException;
import io.tanja.lab.Lab;
import io.tanja.lab.sandbox.LabName;
import io.tanja.lab.table.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tanja proxy status}, or {@code tanja proxy-status}. */
@Command(
        name = "proxy-status",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the proxies (tanja proxy status is the same): to which control plane each is connected, whether it has"
                    + " accepted all that it was sent, when its certificate expires, and its version.",
            PlaceOptions.RULE,
            "On a cluster it takes the right to pods/exec in the control plane's namespace, which has no debug port; to list pods,"
                    + " for those that are not connected; and pods/proxy, for certificates. In a lab the control plane alone is asked."
        },
        footer = {"", "Examples:", "  tanja proxy status", "  tanja proxy status -n shop -o json"})
public final class ProxyStatusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final PlaceOptions where = new PlaceOptions();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "",
            description = "Only proxies of this namespace.")
    private String namespace = "";

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
        InstantSource clock = InstantSource.system();
        try {
            print(
                    switch (where.place()) {
                        case Place.InLab(String name) -> lab(name, clock);
                        case Place.OnCluster() -> cluster(clock);
                    },
                    clock);
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            return fail(String.valueOf(e.getMessage()));
        } catch (DiagnoseException e) {
            return fail(e.text());
        } catch (InstallException e) {
            return fail(e.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 130;
        }
    }

    private ProxyReport cluster(InstantSource clock) throws DiagnoseException, InstallException, InterruptedException {
        try (KubernetesClient client = where.open()) {
            return new ClusterProxies(client, clock).ask(system, namespace);
        }
    }

    private ProxyReport lab(String name, InstantSource clock) throws IOException, DiagnoseException {
        // Closing it would end the lab.
        @SuppressWarnings("resource")
        Lab lab = Lab.connect(new LabName(name));
        byte[] file = Files.readAllBytes(lab.folder().control().resolve("status.json"));
        return ProxyReport.of(
                List.of(ReplicaStatus.read("lab " + name, file)), List.of(), namespace, List.of(), clock.instant());
    }

    private void print(ProxyReport report, InstantSource clock) {
        PrintWriter out = spec.commandLine().getOut();
        ProxyReportText text = new ProxyReportText(report, clock.instant());
        switch (output) {
            case JSON -> out.println(Printing.json(text.data()));
            case TABLE -> {
                out.print(new Table(ProxyReportText.HEAD, text.rows()).text());
                text.lines().forEach(out::println);
            }
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
