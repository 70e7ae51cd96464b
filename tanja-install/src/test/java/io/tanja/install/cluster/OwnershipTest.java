package io.tanja.install.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.tanja.install.object.Names;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    @Test
    void isToldByTheLabel() {
        assertThat(Ownership.of(null)).isEqualTo(new Ownership.Absent());
        assertThat(labelled(Map.of(Names.MANAGED_BY, "tanja"))).isEqualTo(new Ownership.Ours());
        assertThat(labelled(Map.of(Names.MANAGED_BY, "Helm"))).isEqualTo(new Ownership.Foreign("Helm"));
    }

    @Test
    void isNotOursWithoutTheLabel() {
        assertThat(labelled(Map.of())).isInstanceOf(Ownership.Foreign.class);
        assertThat(labelled(Map.of("app", "tanja"))).isInstanceOf(Ownership.Foreign.class);
    }

    private static Ownership labelled(Map<String, String> labels) {
        return Ownership.of(new ConfigMapBuilder()
                .withNewMetadata()
                .withName("a")
                .withLabels(labels)
                .endMetadata()
                .build());
    }
}
