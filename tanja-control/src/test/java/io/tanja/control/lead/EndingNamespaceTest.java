package io.tanja.control.lead;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

/** With the answers of a real API server (1.34). */
class EndingNamespaceTest {
    @Test
    void explainsARefusalWhileTheNamespaceEnds() {
        assertThat(EndingNamespace.explains(refused("NamespaceTerminating"))).isTrue();
    }

    @Test
    void explainsThatTheNamespaceIsGone() {
        assertThat(EndingNamespace.explains(new KubernetesClientException("namespaces \"a\" not found", 404, null)))
                .isTrue();
    }

    @Test
    void doesNotExplainAMissingPermission() {
        assertThat(EndingNamespace.explains(new KubernetesClientException("forbidden", 403, null)))
                .isFalse();
        assertThat(EndingNamespace.explains(refused("FieldManagerConflict"))).isFalse();
        assertThat(EndingNamespace.explains(new KubernetesClientException(
                        "forbidden",
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withNewDetails()
                                .withKind("configmaps")
                                .endDetails()
                                .build())))
                .isFalse();
    }

    private static KubernetesClientException refused(String cause) {
        return new KubernetesClientException(
                "forbidden",
                403,
                new StatusBuilder()
                        .withCode(403)
                        .withReason("Forbidden")
                        .withNewDetails()
                        .addNewCause()
                        .withField("metadata.namespace")
                        .withReason(cause)
                        .endCause()
                        .endDetails()
                        .build());
    }
}
