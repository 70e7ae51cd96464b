package io.tanja.control.watch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tanja.control.serve.HttpLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * As much of an API server as the control plane needs, over real HTTP: lists in pages, watches, expired versions, optimistic
 * concurrency, server-side apply; and every way to fail. Kinds are named by their path below the root, {@code api/v1/pods}.
 */
public final class FakeApiServer implements AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> TREE = new TypeReference<>() {};

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final FakeStore store = new FakeStore();
    private final Map<String, Integer> failing = new ConcurrentHashMap<>();
    private final Set<HttpExchange> watches = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, UnaryOperator<Map<String, Object>>> answers = new ConcurrentHashMap<>();
    private final List<KubernetesClient> clients = new ArrayList<>();
    private volatile boolean silent;
    private volatile String minorVersion = "34";

    /** Starts one that serves the kinds of Kubernetes itself, all empty. */
    public FakeApiServer() throws IOException {
        for (String kind : List.of("namespaces", "pods", "services", "secrets", "configmaps")) {
            store.install("api/v1/" + kind);
        }
        store.install("apis/discovery.k8s.io/v1/endpointslices");
        store.install("apis/coordination.k8s.io/v1/leases");
        store.install("apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations");
        store.install("apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations");
        // The JDK reads its limits when the first server of a process is made, which may be this one.
        HttpLimits.set();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Where it serves. */
    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** A new client for it, closed with the server. */
    public synchronized KubernetesClient client() {
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                        .withMasterUrl(address().toString())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        clients.add(client);
        return client;
    }

    /** What watching asks. */
    public ApiServer api() {
        return new ApiServer(client().getHttpClient(), address());
    }

    /** The content, to be changed by tests. */
    public FakeStore store() {
        return store;
    }

    /** Creates or replaces an object, given as JSON. */
    public void put(String kind, String json) {
        store.put(kind, JSON.readValue(json, TREE));
    }

    /** Lists and watches of that kind are answered with this status from now on; 0 for normal service. */
    public void fail(String kind, int status) {
        failing.put(kind, status);
    }

    /** Answers creations of a kind, such as reviews, that are not kept. */
    public void answer(String kind, UnaryOperator<Map<String, Object>> reply) {
        answers.put(kind, reply);
    }

    /** It says to be Kubernetes 1.{@code minor} from now on. */
    public void version(String minor) {
        minorVersion = minor;
    }

    /** Open watches send nothing from now on, or go on: as when a router between us has lost its state. */
    public void silent(boolean on) {
        silent = on;
    }

    /** Cuts the connections of all open watches. */
    public void cutWatches() {
        watches.forEach(HttpExchange::close);
    }

    /** How many watches are open. */
    public int watches() {
        return watches.size();
    }

    /** All requests so far, {@code GET /api/v1/pods?limit=250}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public synchronized void close() {
        clients.forEach(KubernetesClient::close);
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            if (exchange.getRequestURI().getPath().equals("/version")) {
                reply(exchange, 200, Map.of("major", "1", "minor", minorVersion));
                return;
            }
            FakePath path = FakePath.of(exchange.getRequestURI());
            int status = failing.getOrDefault(path.kind(), 0);
            if (status != 0) {
                reply(exchange, status, status(status, "it was told to fail"));
            } else if (exchange.getRequestMethod().equals("POST") && answers.containsKey(path.kind())) {
                reply(exchange, 201, answers.get(path.kind()).apply(body(exchange)));
            } else if (!store.installed(path.kind())) {
                reply(exchange, 404, status(404, "the server could not find the requested resource"));
            } else if (path.parameters().containsKey("watch")) {
                watch(exchange, path);
            } else {
                FakeStore.Answer answer = store.answer(exchange.getRequestMethod(), path, body(exchange));
                reply(exchange, answer.status(), answer.body());
            }
        }
    }

    private void watch(HttpExchange exchange, FakePath path) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        watches.add(exchange);
        long version = Long.parseLong(path.parameters().getOrDefault("resourceVersion", "0"));
        try {
            while (true) {
                List<FakeStore.Event> events = store.after(path, version);
                if (silent) {
                    Thread.sleep(5);
                    continue;
                }
                for (FakeStore.Event event : events) {
                    exchange.getResponseBody().write(JSON.writeValueAsBytes(event.json()));
                    exchange.getResponseBody().write('\n');
                    version = event.version();
                }
                exchange.getResponseBody().flush();
                if (!events.isEmpty() && events.getLast().type().equals("ERROR")) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watches.remove(exchange);
        }
    }

    private static @Nullable Map<String, Object> body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        return bytes.length == 0 ? null : JSON.readValue(bytes, TREE);
    }

    private static void reply(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        byte[] bytes = JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    static Map<String, Object> status(int code, String message) {
        Map<String, Object> status = new HashMap<>();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.put("status", "Failure");
        status.put("code", code);
        status.put("message", message);
        return status;
    }
}
