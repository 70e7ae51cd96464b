package io.tanja.model.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalServiceTest {
    @Test
    void theMostSpecificLabelWins() {
        Map<String, String> labels = Map.of("app", "a", "app.kubernetes.io/name", "b", "version", "1");

        assertThat(CanonicalService.of(labels, "owner")).isEqualTo(new CanonicalService("b", "1"));
        assertThat(CanonicalService.of(Map.of("app", "a", "app.kubernetes.io/name", ""), "owner"))
                .isEqualTo(new CanonicalService("a", "latest"));
        assertThat(CanonicalService.of(Map.of(CanonicalService.NAME, "c", CanonicalService.REVISION, "r"), "owner"))
                .isEqualTo(new CanonicalService("c", "r"));
    }

    @Test
    void withoutLabelsItIsTheOwnerCutToWhatALabelHolds() {
        assertThat(CanonicalService.of(Map.of(), "owner")).isEqualTo(new CanonicalService("owner", "latest"));
        assertThat(CanonicalService.of(Map.of(), "x".repeat(70)).name()).hasSize(63);
        assertThat(CanonicalService.of(Map.of(), "x".repeat(61) + "-.y").name()).isEqualTo("x".repeat(61));
        assertThat(CanonicalService.of(Map.of(), "web-").name()).isEqualTo("web");
    }
}
