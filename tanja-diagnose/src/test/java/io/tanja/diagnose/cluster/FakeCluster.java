package io.tanja.diagnose.cluster;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API server that answers GET of given paths, and 404 or 403 to everything else, as a real one words it. */
public final class FakeCluster implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, Boolean> forbidden = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** Starts it on a free port. */
    public FakeCluster() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            String answer = answers.get(path);
            int code = forbidden.containsKey(path) ? 403 : answer == null ? 404 : 200;
            String body = code == 200
                    ? answer
                    : "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\""
                            + (code == 403 ? "you may not get " : "there is no ") + path + "\",\"code\":" + code + "}";
            byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", path.contains("/proxy/") ? "text/plain" : "application/json");
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    /** Answers that path with a text. */
    public FakeCluster with(String path, String answer) {
        answers.put(path, answer);
        return this;
    }

    /** Refuses that path. */
    public FakeCluster forbid(String path) {
        forbidden.put(path, true);
        return this;
    }

    /** The requests so far, {@code GET /api/v1/...}. */
    public List<String> asked() {
        return asked;
    }

    /** A client of it. */
    public KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withAutoConfigure(false)
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
