package io.tanja.lab.demo;

import io.tanja.lab.Lab;
import io.tanja.lab.object.Yaml;
import io.tanja.model.security.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The access log of one sidecar, from a moment on. One user thread. */
final class ProxyLog {
    /** How long a thing may take to show in a log. */
    static final Duration SOON = Duration.ofSeconds(5);

    private static final long POLL_MILLIS = 25;

    private final Lab lab;
    private final String namespace;
    private final String target;
    private final int from;

    private ProxyLog(Lab lab, String namespace, String target, int from) {
        this.lab = lab;
        this.namespace = namespace;
        this.target = target;
        this.from = from;
    }

    /** What the sidecar of {@code target} logs from now on. */
    static ProxyLog fromNow(Lab lab, String namespace, String target) throws IOException {
        return new ProxyLog(
                lab,
                namespace,
                target,
                lab.logs(namespace, target, "istio-proxy").length());
    }

    /** The first entry of the access log that is as wanted; waits for it, and gives up after {@code limit}. */
    Optional<JsonNode> await(Predicate<JsonNode> wanted, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<JsonNode> found = find(wanted);
            if (found.isPresent() || System.nanoTime() > end) {
                return found;
            }
            Pause.millis(POLL_MILLIS);
        }
    }

    /** The first entry with that reason, waited for. */
    Optional<JsonNode> awaitReason(Refusal reason) throws IOException {
        return await(entry -> entry.path("reason").asString("").equals(reason.label()), SOON);
    }

    /** Everything logged since. */
    String text() throws IOException {
        String all = lab.logs(namespace, target, "istio-proxy");
        return all.substring(Math.min(from, all.length()));
    }

    private Optional<JsonNode> find(Predicate<JsonNode> wanted) throws IOException {
        for (String line : text().lines().toList()) {
            if (line.startsWith("{")) {
                try {
                    JsonNode entry = Yaml.JSON.readTree(line);
                    if (wanted.test(entry)) {
                        return Optional.of(entry);
                    }
                } catch (JacksonException half) {
                    // The last line may still be being written.
                }
            }
        }
        return Optional.empty();
    }
}
