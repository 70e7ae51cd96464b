package io.tanja.install.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PermissionsTest {
    private final List<Permission> all = Stream.concat(Permissions.cluster().stream(), Permissions.namespace().stream())
            .toList();

    @Test
    void haveNoWildcardAndAReasonEach() {
        assertThat(all).allSatisfy(permission -> {
            assertThat(permission.group()).doesNotContain("*");
            assertThat(permission.resources()).isNotEmpty().noneMatch(name -> name.contains("*"));
            assertThat(permission.verbs()).isNotEmpty().doesNotContain("*", "escalate", "bind", "impersonate");
            assertThat(permission.reason()).endsWith(".");
        });
    }

    @Test
    void letNobodyReadOtherSecretsThanTheCas() {
        assertThat(Permissions.cluster())
                .noneMatch(permission -> permission.resources().contains("secrets"));
        assertThat(Permissions.namespace())
                .filteredOn(permission -> permission.resources().contains("secrets"))
                .filteredOn(permission -> !permission.verbs().equals(List.of("create")))
                .allSatisfy(permission -> {
                    assertThat(permission.names()).containsExactly("cacerts", "tanja-ca");
                    assertThat(permission.verbs()).containsExactly("get");
                });
    }

    @Test
    void letNothingButStatusRootsAndTheWebhooksBeWrittenOnTheCluster() {
        List<String> reading = List.of("get", "list", "watch");
        assertThat(Permissions.cluster())
                .filteredOn(permission -> !reading.containsAll(permission.verbs()))
                .flatExtracting(Permission::resources)
                .containsExactlyInAnyOrder(
                        "peerauthentications/status",
                        "authorizationpolicies/status",
                        "moduleconfigs/status",
                        "configmaps",
                        "tokenreviews",
                        "mutatingwebhookconfigurations",
                        "validatingwebhookconfigurations");
        assertThat(Permissions.cluster())
                .filteredOn(permission -> permission.verbs().contains("create"))
                .filteredOn(permission -> !permission.resources().contains("tokenreviews"))
                .allSatisfy(permission -> assertThat(permission.names()).isNotEmpty());
    }
}
