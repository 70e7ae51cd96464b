package io.tanja.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tanja.install.InstallException;
import io.tanja.install.command.ClusterOptions;
import io.tanja.lab.Lab;
import io.tanja.lab.sandbox.LabName;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which mesh is meant, a lab's or a cluster's. */
final class PlaceOptions {
    /** The rule, for {@code --help}. */
    static final String RULE =
            "Looks in the lab of --lab; else on the cluster of --kubeconfig, --context or $KUBECONFIG;"
                    + " else in the lab \"default\" if it is up; else on the cluster of ~/.kube/config.";

    private static final String DEFAULT_LAB = "default";

    @Option(
            names = {"--lab", "--name"},
            paramLabel = "LAB",
            description = "a lab on this machine")
    private @Nullable String lab;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    /** Which it is. */
    Place place() {
        String kubeconfig = System.getenv("KUBECONFIG");
        return decide(lab, cluster.given(), kubeconfig != null && !kubeconfig.isEmpty(), PlaceOptions::defaultLabIsUp);
    }

    /** The rule as a function. */
    static Place decide(@Nullable String lab, boolean clusterGiven, boolean environment, BooleanSupplier labIsUp) {
        if (lab != null && clusterGiven) {
            throw new IllegalArgumentException(
                    "--lab " + lab + ": a cluster is named too; name one of them, without --kubeconfig and --context");
        }
        if (lab != null) {
            return new Place.InLab(lab);
        }
        return clusterGiven || environment || !labIsUp.getAsBoolean()
                ? new Place.OnCluster()
                : new Place.InLab(DEFAULT_LAB);
    }

    KubernetesClient open() throws InstallException {
        return cluster.open();
    }

    private static boolean defaultLabIsUp() {
        try {
            return Lab.isUp(new LabName(DEFAULT_LAB));
        } catch (IOException e) {
            // A lab that cannot be looked at cannot be asked.
            return false;
        }
    }
}
