package io.tanja.cli;

import io.tanja.control.inject.InjectionSettings;
import io.tanja.control.inject.ManifestInjection;
import io.tanja.control.inject.ManifestInjector;
import io.tanja.model.identity.TrustDomain;
import io.tanja.model.inject.CaptureScope;
import io.tanja.model.inject.SidecarDefaults;
import io.tanja.model.validate.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tanja inject}: manifests in, the same with sidecars out. */
@Command(
        name = "inject",
        mixinStandardHelpOptions = true,
        description = {
            "Prints manifests with a sidecar in every pod, as the webhook makes them of new pods.",
            "Reads Pods, Deployments, StatefulSets, DaemonSets, ReplicaSets, ReplicationControllers, Jobs, CronJobs and"
                    + " Lists of them; all else is printed as it is. Calls no cluster.",
            "Ends with 1, and prints nothing, if a pod cannot have a sidecar."
        },
        footer = {
            "",
            "Examples:",
            "  tanja inject -f deployment.yaml -n shop | kubectl apply -n shop -f -",
            "  kubectl get deploy web -o yaml | tanja inject -f - --sidecar-shape container"
        })
public final class InjectCommand implements Callable<Integer> {
    /** What a sidecar is to Kubernetes. */
    public enum Shape {
        /** An init container that stays. */
        NATIVE,
        /** One more container. */
        CONTAINER
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            required = true,
            description = "A file of YAML or JSON, or - for the standard input; may be repeated.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            defaultValue = "default",
            description = "Namespace of objects that do not say theirs (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            defaultValue = InjectionSettings.DEFAULT_IMAGE,
            description = "The sidecars' image (default: ${DEFAULT-VALUE}).")
    private String image = InjectionSettings.DEFAULT_IMAGE;

    @Option(
            names = "--sidecar-shape",
            paramLabel = "SHAPE",
            defaultValue = "native",
            description = {
                "native: an init container that stays, for Kubernetes 1.33 and newer;",
                "container: one more container, for any version (default: ${DEFAULT-VALUE})."
            })
    private Shape shape = Shape.NATIVE;

    @Option(
            names = "--hold",
            description = "Applications wait for their sidecar; with the shape native they always do.")
    private boolean hold;

    @Option(
            names = "--trust-domain",
            paramLabel = "NAME",
            defaultValue = "cluster.local",
            description = "The mesh's trust domain (default: ${DEFAULT-VALUE}).")
    private String trustDomain = "cluster.local";

    @Option(
            names = "--root-namespace",
            paramLabel = "NAME",
            defaultValue = "tanja-system",
            description = "Where the control plane runs (default: ${DEFAULT-VALUE}).")
    private String rootNamespace = "tanja-system";

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            defaultValue = "Kubernetes",
            description = "The cluster's id (default: ${DEFAULT-VALUE}).")
    private String cluster = "Kubernetes";

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        List<ManifestInjection> results = new ArrayList<>();
        try {
            InjectionSettings settings = new InjectionSettings(
                    image,
                    new TrustDomain(trustDomain),
                    rootNamespace,
                    cluster,
                    shape == Shape.NATIVE,
                    new SidecarDefaults(CaptureScope.EVERYTHING, hold, false));
            ManifestInjector injector = new ManifestInjector(settings, namespace);
            for (String file : files) {
                results.add(injector.inject(file.equals("-") ? "stdin" : file, read(file)));
            }
        } catch (IOException | IllegalArgumentException e) {
            err.println("error: " + e.getMessage());
            return 1;
        }
        results.stream()
                .flatMap(result -> result.problems().stream())
                .map(Problem::toString)
                .forEach(err::println);
        if (results.stream().anyMatch(ManifestInjection::hasErrors)) {
            return 1;
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(results.stream().map(ManifestInjection::text).collect(Collectors.joining("---\n")));
        out.flush();
        return 0;
    }

    private static String read(String file) throws IOException {
        if (file.equals("-")) {
            InputStream in = System.in;
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage() + "; name a readable file", e);
        }
    }
}
