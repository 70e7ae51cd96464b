package io.tanja.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.diagnose.DiagnoseException;
import io.tanja.diagnose.verify.ClusterVerification;
import io.tanja.diagnose.verify.VerifyOptions;
import io.tanja.install.InstallException;
import io.tanja.lab.Lab;
import io.tanja.lab.LabVerification;
import io.tanja.lab.proof.CaptureReport;
import io.tanja.lab.proof.Outcome;
import io.tanja.lab.proof.ReportText;
import io.tanja.lab.sandbox.LabName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tanja verify}: what is encrypted between two workloads, judged from packets that tcpdump captured. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Captures what two workloads say to each other and judges every connection from the packets alone.",
            "Ends with 0 if there was traffic and all of it was encrypted, with 1 if a byte was not, with 3 if there was none.",
            "A connection that was open before is not judged, and counts as not encrypted.",
            PlaceOptions.RULE,
            "On a cluster, tcpdump runs in a pod of its own in the network of each node on which TO has pods (it needs"
                    + " create, get and delete of pods, and pods/exec, in --capture-namespace); the pods are removed afterwards."
        },
        footer = {
            "",
            "Examples:",
            "  tanja verify deploy/client deploy/webserver -n test-istio-mtls --seconds 5",
            "  tanja verify deploy/client deploy/webserver -n shop --context prod --pcap proof.pcap"
        })
public final class VerifyCommand implements Callable<Integer> {
    /** An image with tcpdump that people use; the mesh's own has none, and must not get it into every pod. */
    private static final String IMAGE = "docker.io/nicolaka/netshoot:v0.13";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final PlaceOptions where = new PlaceOptions();

    @Parameters(
            index = "0",
            paramLabel = "FROM",
            description = "A pod, deploy/NAME or NAMESPACE/deploy/NAME; on a cluster also sts/, ds/, rs/, svc/.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "TO", description = "The same.")
    private String to = "";

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of those that do not say theirs (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Option(
            names = "--pcap",
            paramLabel = "FILE",
            description = "Keep the capture; if several nodes are captured, their names are added to the file's.")
    private @Nullable Path keep;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            defaultValue = IMAGE,
            description = "On a cluster: has tcpdump, timeout and sleep (default: ${DEFAULT-VALUE}).")
    private String image = IMAGE;

    @Option(
            names = "--capture-namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "kube-system",
            description =
                    "On a cluster: where the capturing pods are made; its Pod Security must allow the node's network"
                            + " and NET_RAW (default: ${DEFAULT-VALUE}).")
    private String captureNamespace = "kube-system";

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "table or json (default: ${DEFAULT-VALUE}).")
    private DataFormat output = DataFormat.TABLE;

    @Override
    public Integer call() {
        try {
            return switch (where.place()) {
                case Place.InLab(String name) -> lab(name);
                case Place.OnCluster() -> cluster();
            };
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

    private int lab(String name) throws IOException, InterruptedException {
        // Closing it would end the lab.
        @SuppressWarnings("resource")
        Lab lab = Lab.connect(new LabName(name));
        LabVerification verification = new LabVerification(lab, namespace);
        note("capturing between " + from + " and " + to + " for " + seconds + " s in the lab " + name);
        CaptureReport report = verification.run(from, to, seconds, keep);
        return print(report, verification.text());
    }

    private int cluster() throws IOException, DiagnoseException, InstallException, InterruptedException {
        VerifyOptions options = new VerifyOptions(from, to, namespace, seconds, keep, image, captureNamespace);
        try (KubernetesClient client = where.open()) {
            note("on the cluster of " + client.getConfiguration().getMasterUrl());
            ClusterVerification.Seen seen =
                    new ClusterVerification(client, new SecureRandom(), this::note).run(options);
            return print(seen.report(), seen.text());
        }
    }

    private int print(CaptureReport report, ReportText text) {
        PrintWriter out = spec.commandLine().getOut();
        Outcome outcome = Outcome.of(report);
        switch (output) {
            case JSON -> out.println(Printing.json(text.data(report)));
            case TABLE -> {
                text.lines(report).forEach(out::println);
                out.println(outcome.words());
            }
        }
        out.flush();
        return outcome.status();
    }

    private int fail(String why) {
        note("error: " + why);
        return 1;
    }

    private void note(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
