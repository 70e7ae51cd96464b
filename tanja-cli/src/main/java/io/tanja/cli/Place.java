package io.tanja.cli;

/** Where a command looks. */
sealed interface Place {
    /**
     * A lab on this machine.
     *
     * @param name its name
     */
    record InLab(String name) implements Place {}

    /** The cluster that the flags, {@code $KUBECONFIG} or {@code ~/.kube/config} name. */
    record OnCluster() implements Place {}
}
