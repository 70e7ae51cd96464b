package io.tanja.install.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.install.InstallException;
import io.tanja.install.cluster.Uninstaller;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tanja uninstall}. */
@Command(
        name = "uninstall",
        mixinStandardHelpOptions = true,
        description = {
            "Takes the mesh off a cluster: the webhook first, then the control plane and all that it has made,",
            "its self-signed CA included. What others have made stays and is listed: a CA that you plugged in, and,",
            "without --with-objects, your policies with the definitions of their kinds."
        },
        footer = {"", "Example:", "  tanja uninstall --with-objects"})
public final class UninstallCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--root-namespace",
            paramLabel = "NAME",
            defaultValue = "tanja-system",
            description = "the system namespace (${DEFAULT-VALUE})")
    private String namespace = "";

    @Option(
            names = "--with-objects",
            description = "also remove all policies and ModuleConfigs, with the definitions of their kinds")
    private boolean withObjects;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try (KubernetesClient client = cluster.open()) {
            var kept = new Uninstaller(client, step -> {
                        err.println("tanja uninstall: " + step);
                        err.flush();
                    })
                    .uninstall(namespace, withObjects);
            kept.forEach(what -> err.println("tanja uninstall: left: " + what));
            return 0;
        } catch (InstallException e) {
            err.println("tanja uninstall: " + e.text());
            return 1;
        }
    }
}
