package io.tanja.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PlaceOptionsTest {
    private static boolean nobodyAsks() {
        throw new AssertionError("the default lab does not matter here");
    }

    @Test
    void aNamedLabIsMeantWhateverTheEnvironmentSays() {
        assertThat(PlaceOptions.decide("l", false, true, PlaceOptionsTest::nobodyAsks))
                .isEqualTo(new Place.InLab("l"));
    }

    @Test
    void aNamedClusterAndTheEnvironmentsComeBeforeTheDefaultLab() {
        assertThat(PlaceOptions.decide(null, true, false, PlaceOptionsTest::nobodyAsks))
                .isEqualTo(new Place.OnCluster());
        assertThat(PlaceOptions.decide(null, false, true, PlaceOptionsTest::nobodyAsks))
                .isEqualTo(new Place.OnCluster());
    }

    @Test
    void theDefaultLabIsMeantIfItIsUpAndElseTheUsualCluster() {
        assertThat(PlaceOptions.decide(null, false, false, () -> true)).isEqualTo(new Place.InLab("default"));
        assertThat(PlaceOptions.decide(null, false, false, () -> false)).isEqualTo(new Place.OnCluster());
    }

    @Test
    void bothAtOnceAreRefused() {
        assertThatThrownBy(() -> PlaceOptions.decide("l", true, false, PlaceOptionsTest::nobodyAsks))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--lab l")
                .hasMessageContaining("--context");
    }
}
