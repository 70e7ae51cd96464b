package io.tanja.lab.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestsTest {
    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports: [{port: 80}]
            """;

    @Test
    void objectsGetTheGivenNamespaceUnlessTheySayTheirs() throws Rejected {
        String text = SERVICE + "---\n" + SERVICE.replace("{name: web}", "{name: web, namespace: own}") + "---\n"
                + "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, namespace: ignored}\n";

        List<LabObject> objects = Manifests.read(text, "test", "given").objects();

        assertThat(objects)
                .extracting(object -> object.key().toString())
                .containsExactly("Service given/web", "Service own/web", "Namespace shop");
        assertThat(objects.getLast().metadata().has("namespace")).isFalse();
    }

    @Test
    void itemsOfAListAreObjects() throws Rejected {
        String list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n"
                + "- {apiVersion: v1, kind: Namespace, metadata: {name: b}}\n";

        assertThat(Manifests.read(list, "test", "default").objects())
                .extracting(object -> object.key().name())
                .containsExactly("a", "b");
    }

    @Test
    void aProblemNamesFileLineObjectAndField() {
        String text = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n"
                + "spec:\n  mtls:\n    mode: STRIKT\n";

        assertThatThrownBy(() -> Manifests.read(text, "peer.yaml", "shop"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("peer.yaml:7")
                .hasMessageContaining("PeerAuthentication shop/default")
                .hasMessageContaining("spec.mtls.mode")
                .hasMessageContaining("STRIKT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# only a comment\n",
                "just a text",
                "- a\n- list\n",
                "apiVersion: v1\nkind: Namespace\n",
                "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: nightly}\n",
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: Not_A_Name}\n",
                "a: [1, 2\nb: }",
                "&a [*a, *a]",
            })
    void nothingIsTakenFromATextThatIsWrong(String text) {
        assertThatThrownBy(() -> Manifests.read(text, "test", "default"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("test");
    }

    @Test
    void fieldsWithoutEffectInTheLabAreWarnedOf() throws Rejected {
        String pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  volumes: [{name: v}]\n"
                + "  containers: [{name: c, image: nginx, livenessProbe: {periodSeconds: 1}}]\n";

        assertThat(Manifests.read(pod, "test", "default").warnings())
                .contains("Pod default/p: spec.volumes has no effect in the lab")
                .contains("Pod default/p: spec.containers[0].livenessProbe has no effect in the lab");
    }

    @Test
    void mutatedTextIsEitherReadOrRefused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder(SERVICE);
            for (int i = 0; i < 3; i++) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(0x80));
            }
            try {
                assertThat(Manifests.read(text.toString(), "test", "default").objects())
                        .as("seed %s", seed)
                        .isNotEmpty();
            } catch (Rejected e) {
                assertThat(e).as("seed %s", seed).hasMessageContaining("test");
            }
        }
    }
}
