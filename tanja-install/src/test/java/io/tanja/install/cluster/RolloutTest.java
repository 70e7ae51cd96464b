package io.tanja.install.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import org.junit.jupiter.api.Test;

class RolloutTest {
    @Test
    void isDoneWhenAllReplicasAreReadyAndNew() {
        assertThat(Rollout.state(seen(2, 2, 2))).isEmpty();
        assertThat(Rollout.state(seen(1, 2, 2))).isEqualTo("1 of 2 ready");
    }

    @Test
    void isNotDoneWhileReplicasOfTheOldVersionAreReady() {
        assertThat(Rollout.state(seen(2, 1, 3))).isEqualTo("2 of 2 ready, 1 up to date");
        assertThat(Rollout.state(seen(2, 2, 3))).isEqualTo("2 of 2 ready");
    }

    @Test
    void isNotDoneBeforeTheChangeWasLookedAt() {
        Deployment stale = seen(2, 2, 2);
        stale.getMetadata().setGeneration(8L);
        assertThat(Rollout.state(stale)).isEqualTo("not looked at yet");
        stale.setStatus(null);
        assertThat(Rollout.state(stale)).isEqualTo("not looked at yet");
        assertThat(Rollout.state(null)).isEqualTo("it is gone");
    }

    private static Deployment seen(int ready, int fresh, int all) {
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName("tanja-control")
                .withGeneration(7L)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(7L)
                .withReadyReplicas(ready)
                .withUpdatedReplicas(fresh)
                .withReplicas(all)
                .endStatus()
                .build();
    }
}
