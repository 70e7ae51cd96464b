package io.tanja.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tanja.model.api.PeerAuthentication;
import io.tanja.model.api.Service;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Objects that come from the API and not from a text. */
class TreeNodesTest {
    private static final Map<String, Object> META = Map.of("name", "default", "namespace", "test");

    @Test
    void readsAnItemOfAListThatDoesNotSayItsKind() {
        Map<String, Object> nothing = new HashMap<>();
        nothing.put("selector", null);
        nothing.put("mtls", Map.of("mode", "STRICT"));

        Manifest manifest = ManifestReader.read(
                "kubernetes", Map.of("metadata", META, "spec", nothing), "security.istio.io/v1", "PeerAuthentication");

        assertThat(manifest.problems()).isEmpty();
        assertThat(manifest.objects()).singleElement().isInstanceOfSatisfying(PeerAuthentication.class, peer -> {
            assertThat(peer.mode()).isEqualTo(PeerAuthentication.Mode.STRICT);
            assertThat(peer.origin()).hasToString("kubernetes");
        });
    }

    @Test
    void takesTextForTextAndNumbersForNumbers() {
        Manifest manifest = ManifestReader.read(
                "kubernetes",
                Map.of(
                        "metadata",
                        Map.of("name", "a", "namespace", "test", "labels", Map.of("version", "1", "on", "true")),
                        "spec",
                        Map.of("ports", List.of(Map.of("port", 80, "targetPort", "http")), "clusterIP", "10.96.0.1")),
                "v1",
                "Service");

        assertThat(manifest.problems()).isEmpty();
        Service service = (Service) manifest.objects().getFirst();
        assertThat(service.ports().getFirst().target()).isEqualTo(new Service.TargetPort.Named("http"));
        assertThat(service.meta().labels()).containsEntry("version", "1").containsEntry("on", "true");
    }

    @Test
    void namesObjectAndFieldOfWhatIsWrong() {
        Manifest manifest = ManifestReader.read(
                "kubernetes",
                Map.of("metadata", META, "spec", Map.of("mtls", Map.of("mode", 7))),
                "security.istio.io/v1",
                "PeerAuthentication");

        assertThat(manifest.objects()).isEmpty();
        assertThat(manifest.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object()).isEqualTo("PeerAuthentication test/default");
            assertThat(problem.field()).isEqualTo("spec.mtls.mode");
            assertThat(problem.line()).isZero();
        });
    }

    @Test
    void refusesATreeThatIsTooDeep() {
        Map<String, Object> tree = Map.of();
        for (int i = 0; i < 100; i++) {
            tree = Map.of("x", tree);
        }

        Manifest manifest = ManifestReader.read("kubernetes", tree, "v1", "Pod");

        assertThat(manifest.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("nested deeper"));
    }
}
