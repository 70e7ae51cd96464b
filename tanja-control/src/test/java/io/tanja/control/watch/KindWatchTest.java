package io.tanja.control.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tanja.xds.ads.client.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What only a connection that is neither open nor closed shows. */
class KindWatchTest {
    private static final String PODS = "api/v1/pods";

    /** Writes down what it hears. */
    private record Heard(List<String> events) implements WatchSink {
        @Override
        public void listing() {
            events.add("listing");
        }

        @Override
        public void listed(Map<String, Object> object) {
            events.add("listed " + Json.text(Json.map(object, "metadata"), "name"));
        }

        @Override
        public void listEnds(String apiVersion) {
            events.add("list ends");
        }

        @Override
        public void changed(Map<String, Object> object) {
            events.add("changed " + Json.text(Json.map(object, "metadata"), "name"));
        }

        @Override
        public void deleted(Map<String, Object> object) {
            events.add("deleted");
        }

        @Override
        public void absent() {
            events.add("absent");
        }

        @Override
        public void failing(String why) {
            events.add("failing " + why);
        }

        @Override
        public void following() {}
    }

    @Test
    void takesAWatchThatIsSilentForTooLongAsBrokenAndMissesNothing() throws Exception {
        try (FakeApiServer server = new FakeApiServer()) {
            Heard heard = new Heard(new CopyOnWriteArrayList<>());
            try (KindWatch watch = new KindWatch(
                    WatchedKind.builtIn("Pod", "pods", "v1"),
                    server.api(),
                    heard,
                    new Backoff(Duration.ofMillis(5), Duration.ofSeconds(10), new Random(1)),
                    Duration.ofMillis(200),
                    Thread.ofVirtual().factory())) {
                watch.start();
                await().atMost(Duration.ofSeconds(10)).until(() -> server.watches() > 0);

                server.silent(true);
                server.put(PODS, "{\"metadata\": {\"name\": \"unheard\", \"namespace\": \"test\"}}");
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> heard.events().stream().anyMatch(e -> e.contains("not even a bookmark")));
                assertThat(heard.events()).noneMatch(event -> event.equals("changed unheard"));
                server.silent(false);

                await().atMost(Duration.ofSeconds(10))
                        .until(() -> heard.events().contains("changed unheard"));
                assertThat(heard.events().stream().filter(event -> event.equals("changed unheard")))
                        .hasSize(1);
            }
        }
    }
}
