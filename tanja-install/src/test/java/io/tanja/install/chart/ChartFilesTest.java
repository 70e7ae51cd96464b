package io.tanja.install.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tanja.install.crd.Definitions;
import io.tanja.install.object.InstallOptions;
import io.tanja.install.object.Installation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChartFilesTest {
    private static final Pattern ACTION = Pattern.compile("\\{\\{ \\.Values\\.(\\w+) \\}\\}");

    private final SortedMap<String, String> files = ChartFiles.all();

    @Test
    void theChartThatIsKeptIsTheOneThatIsWritten() throws IOException {
        Path chart = Path.of(System.getProperty("tanja.root"), "chart");
        SortedMap<String, String> kept = new TreeMap<>();
        try (Stream<Path> all = Files.walk(chart)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                kept.put(chart.relativize(file).toString(), Files.readString(file));
            }
        }
        assertThat(kept).as("run ./tanja chart -o chart").isEqualTo(files);
    }

    @Test
    void givesTheObjectsOfAnInstallation() {
        assertGives(InstallOptions.DEFAULT);
        assertGives(new InstallOptions("registry.example:5000/mesh/tanja@sha256:00", 3, "mesh", "corp.example"));
    }

    @Test
    void hasTheDefinitionsAsTheyAre() {
        List<Object> definitions = new ArrayList<>();
        files.forEach((path, text) -> {
            if (path.startsWith("crds/")) {
                assertThat(text).doesNotContain("{{");
                definitions.add(Serialization.unmarshal(text, Map.class));
            }
        });
        assertThat(definitions)
                .containsExactlyInAnyOrderElementsOf(
                        Definitions.all().stream().map(ChartFilesTest::tree).toList());
    }

    @Test
    void hasAValueForEachActionAndUsesEach() {
        List<String> used = new ArrayList<>();
        files.forEach((path, text) -> {
            if (path.startsWith("templates/")) {
                Matcher action = ACTION.matcher(text);
                while (action.find()) {
                    used.add(action.group(1));
                }
                // Only what is rendered here: with nothing but plain values, Helm does the same as this test.
                assertThat(action.replaceAll("")).as(path).doesNotContain("{{", "}}", "value-of", "987654321");
            }
        });
        Map<?, ?> values = Serialization.unmarshal(files.get("values.yaml"), Map.class);
        assertThat(values.keySet().stream().map(Object::toString).collect(Collectors.toSet()))
                .isEqualTo(Set.copyOf(used));
    }

    @Test
    void writesTheSameEachTime() {
        assertThat(ChartFiles.all()).isEqualTo(files);
    }

    private void assertGives(InstallOptions options) {
        Map<String, Object> values = Map.of(
                "image", options.image(),
                "replicas", options.replicas(),
                "rootNamespace", options.namespace(),
                "trustDomain", options.trustDomain());
        List<Object> rendered = new ArrayList<>();
        files.forEach((path, text) -> {
            if (path.startsWith("templates/")) {
                rendered.add(Serialization.unmarshal(
                        ACTION.matcher(text).replaceAll(m -> Matcher.quoteReplacement(values.get(m.group(1)) + "")),
                        Map.class));
            }
        });
        assertThat(rendered)
                .containsExactlyInAnyOrderElementsOf(Installation.objects(options).stream()
                        .map(ChartFilesTest::tree)
                        .toList());
    }

    private static Map<?, ?> tree(HasMetadata object) {
        return Serialization.unmarshal(Serialization.asYaml(object), Map.class);
    }
}
