package io.tanja.install.object;

/** What is installed. */
public final class Release {
    /** The version of the mesh. */
    public static final String VERSION = "0.1.0";
    /** The image that containers name. */
    public static final String IMAGE = "docker.io/tanja/tanja:" + VERSION;

    private Release() {}
}
