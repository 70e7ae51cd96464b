package io.tanja.lab.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KindTest {
    @ParameterizedTest
    @CsvSource({
        "pods, POD",
        "pod, POD",
        "po, POD",
        "Pod, POD",
        "deploy, DEPLOYMENT",
        "deployments.apps, DEPLOYMENT",
        "deployment.apps, DEPLOYMENT",
        "svc, SERVICE",
        "peerauthentications.security.istio.io, PEER_AUTHENTICATION",
        "ns, NAMESPACE",
    })
    void isFoundByAnyOfItsNames(String name, Kind kind) {
        assertThat(Kind.named(name)).contains(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "podds", "pods/x", "service."})
    void isNotFoundByAnotherName(String name) {
        assertThat(Kind.named(name)).isEmpty();
    }

    @Test
    void isOnlyReadInItsVersions() {
        assertThat(Kind.declared("apps/v1", "Deployment")).contains(Kind.DEPLOYMENT);
        assertThat(Kind.declared("apps/v1beta1", "Deployment")).isEmpty();
        assertThat(Kind.DEPLOYMENT.resource()).isEqualTo("deployment.apps");
        assertThat(Kind.POD.resource()).isEqualTo("pod");
    }

    @Test
    void aSelectorWantsAllItsLabels() {
        Map<String, String> labels = Map.of("app", "web", "tier", "front");

        assertThat(Selector.parse("app=web,tier==front").matches(labels)).isTrue();
        assertThat(Selector.parse("").matches(labels)).isTrue();
        assertThat(Selector.parse("app=web,tier=back").matches(labels)).isFalse();
        assertThat(Selector.parse("other=").matches(labels)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"app", "app!=web", "=web", "app in (a)"})
    void otherSelectorsAreRefused(String text) {
        assertThatThrownBy(() -> Selector.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }
}
