package io.tanja.install.object;

/**
 * What an installation may differ in.
 *
 * @param image the image of the control plane
 * @param replicas how many control planes
 * @param namespace the system namespace: policies there are mesh-wide
 * @param trustDomain the mesh's trust domain
 */
public record InstallOptions(String image, int replicas, String namespace, String trustDomain) {
    /** What holds when nothing is said. */
    public static final InstallOptions DEFAULT = new InstallOptions(Release.IMAGE, 2, "tanja-system", "cluster.local");

    /** These options with another image. */
    public InstallOptions withImage(String other) {
        return new InstallOptions(other, replicas, namespace, trustDomain);
    }
}
