package io.tanja.control.inject;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import java.util.List;

/** The volumes of a sidecar. Pure. */
final class SidecarVolumes {
    private static final String AUDIENCE = "istio-ca";
    private static final long TOKEN_SECONDS = 43_200;
    /** More than the libraries that a JVM unpacks; what is written there counts as the container's memory. */
    private static final String SCRATCH_SIZE = "64Mi";

    private SidecarVolumes() {}

    static List<Volume> all() {
        return List.of(
                new VolumeBuilder()
                        .withName(SidecarNames.SCRATCH_VOLUME)
                        .withNewEmptyDir()
                        .withMedium("Memory")
                        .withSizeLimit(new Quantity(SCRATCH_SIZE))
                        .endEmptyDir()
                        .build(),
                new VolumeBuilder()
                        .withName(SidecarNames.TOKEN_VOLUME)
                        .withNewProjected()
                        .addNewSource()
                        .withNewServiceAccountToken()
                        .withAudience(AUDIENCE)
                        .withExpirationSeconds(TOKEN_SECONDS)
                        .withPath("istio-token")
                        .endServiceAccountToken()
                        .endSource()
                        .endProjected()
                        .build(),
                new VolumeBuilder()
                        .withName(SidecarNames.ROOTS_VOLUME)
                        .withNewConfigMap()
                        .withName("istio-ca-root-cert")
                        .endConfigMap()
                        .build());
    }
}
