package io.tanja.lab.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tanja.lab.object.Yaml;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LabClientTest {
    static Stream<Request> requests() {
        return Stream.of(
                new Request.Apply("a: 1\nb: \"ü\"", "-", "shop", true),
                new Request.Delete("pods", "shop", List.of("a", "b"), ""),
                new Request.Get("pods", "", List.of(), "app=web"),
                new Request.Label("namespace", "", "shop", Map.of("a", "b"), List.of("c"), false),
                new Request.Locate("shop", "deploy/web"),
                new Request.Await("shop", "", 1_000),
                new Request.Capture(true, List.of("-A"), List.of("tcp"), "/tmp/x"),
                new Request.EndCapture(3),
                new Request.Kill("proxy", "shop", "web"),
                new Request.Restart(),
                new Request.Status(),
                new Request.Down());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyRequestSurvivesTheWireOnOneLine(Request request) {
        String line = Yaml.JSON.writerFor(Request.class).writeValueAsString(request);

        assertThat(line).doesNotContain("\n").contains("\"verb\":");
        assertThat(Yaml.JSON.readValue(line, Request.class)).isEqualTo(request);
    }

    @Test
    void aSocketWithoutADaemonIsAFailure() {
        LabClient client = new LabClient(Path.of("/nonexistent/lab.sock"));

        assertThat(client.answers(new Request.Status())).isFalse();
        assertThatThrownBy(() -> client.ask(new Request.Status())).isInstanceOf(IOException.class);
    }
}
