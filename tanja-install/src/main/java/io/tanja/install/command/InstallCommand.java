package io.tanja.install.command;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tanja.install.InstallException;
import io.tanja.install.cluster.Installer;
import io.tanja.install.cluster.Rollout;
import io.tanja.install.crd.Definitions;
import io.tanja.install.object.InstallOptions;
import io.tanja.install.object.Installation;
import io.tanja.install.object.Release;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tanja install}. */
@Command(
        name = "install",
        mixinStandardHelpOptions = true,
        description = {
            "Puts the mesh on a cluster: the definitions of its kinds and the control plane.",
            "The mesh is on when the ModuleConfig istio enables it. The Helm chart gives the same objects."
        },
        footer = {"", "Example:", "  tanja install", "  tanja install --dry-run -o yaml | kubectl diff -f -"})
public final class InstallCommand implements Callable<Integer> {
    /** How {@code --dry-run} prints. */
    enum Format {
        yaml,
        json
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--image", paramLabel = "NAME", defaultValue = Release.IMAGE, description = "(${DEFAULT-VALUE})")
    private String image = Release.IMAGE;

    @Option(
            names = "--replicas",
            paramLabel = "N",
            defaultValue = "2",
            description = "control planes (${DEFAULT-VALUE})")
    private int replicas;

    @Option(
            names = "--root-namespace",
            paramLabel = "NAME",
            defaultValue = "tanja-system",
            description = "the system namespace: policies there are mesh-wide (${DEFAULT-VALUE})")
    private String namespace = "";

    @Option(
            names = "--trust-domain",
            paramLabel = "NAME",
            defaultValue = "cluster.local",
            description = "the mesh's trust domain (${DEFAULT-VALUE})")
    private String trustDomain = "";

    @Option(names = "--dry-run", description = "print the objects, and change nothing")
    private boolean dryRun;

    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "yaml", description = "of --dry-run: yaml or json")
    private Format format = Format.yaml;

    @Option(
            names = "--no-wait",
            description = "do not wait until all replicas are ready; until one is, pods start without a sidecar")
    private boolean leave;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "how long to wait (${DEFAULT-VALUE})")
    private long timeoutSeconds;

    @Option(names = "--force", description = "take over fields that others have set")
    private boolean force;

    @Override
    public Integer call() throws InterruptedException {
        InstallOptions options = new InstallOptions(image, replicas, namespace, trustDomain);
        if (dryRun) {
            print(options);
            return 0;
        }
        PrintWriter err = spec.commandLine().getErr();
        Consumer<String> progress = step -> {
            err.println("tanja install: " + step);
            err.flush();
        };
        try (KubernetesClient client = cluster.open()) {
            new Installer(client, force, progress).install(options);
            if (!leave) {
                new Rollout(client, System::nanoTime, progress).await(namespace, Duration.ofSeconds(timeoutSeconds));
            }
            return 0;
        } catch (InstallException e) {
            err.println("tanja install: " + e.text());
            return 1;
        }
    }

    private void print(InstallOptions options) {
        PrintWriter out = spec.commandLine().getOut();
        List<HasMetadata> objects = new ArrayList<>(Definitions.all());
        objects.addAll(Installation.objects(options));
        switch (format) {
            case yaml -> objects.forEach(object -> out.print(Serialization.asYaml(object)));
            case json ->
                out.println(Serialization.asJson(Map.of("apiVersion", "v1", "kind", "List", "items", objects)));
        }
        out.flush();
    }
}
